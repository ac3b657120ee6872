graph [
  node [
    id 0
    label "a"
    tags "_networkx_list_start"
    tags "x"
    two 1
    two 2
  ]
  node [
    id 1
    label "b"
  ]
  edge [
    source 0
    target 1
  ]
]
