Creator	"yFiles"
Version	"2.20"
graph
[
	hierarchic	1
	label	""
	directed	1
	node
	[
		id	0
		label	"Group"
		isGroup	1
		graphics [ x 5.0 y 5.0 w 90.0 h 90.0 type "rectangle" ]
		LabelGraphics [ text "Group" ]
	]
	node [ id 1 label "a" graphics [ x 1.5 y -2.0 w 30.0 h 30.0 ] gid 0 ]
	node [ id 2 label "b" graphics [ x 4.0 y 2.0 w 30.0 h 30.0 ] ]
	edge [ source 1 target 2 graphics [ fill "#000000" targetArrow "standard" ] ]
	edge [ source 0 target 2 ]
]
