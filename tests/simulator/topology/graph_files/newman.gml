Creator "Mark Newman on Sat Jul 22 05:32:16 2006"
graph
[
  comment "a comment with ] in it"
  directed 0
  node
  [
    id 0
    label "Myriel &#38; Co"
  ]
  node
  [
    id 1
    label "Zo&#235;"
    age 30
  ]
  node [ id 2 label "Cy" age 41.5 ]
  # a line that says nothing
  edge
  [
    source 1
    target 0
    value 8
  ]
  edge [ source 2 target 1 value 1.5E+0 ]
]
