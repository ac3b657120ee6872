"""Edge tables: which column is what, what is refused, and that the form of a table changes nothing."""

import csv
import gzip
import io

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits, read_topology
from hubbub.simulator.topology.files.assembly import to_topology
from hubbub.simulator.topology.files.edge_table import read_edge_table
from hubbub.simulator.topology.files.headings import ends_in
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.plain_weights import doubt


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a text: links by name with their weights, and the topology."""

    def read(text, name="g.csv", **options):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        graph = read_topology(tmp_path / name, **options)
        weights = [None] * graph.n_edges if graph.weights is None else graph.weights.tolist()
        ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
        return {(graph.names[a], graph.names[b]): w for (a, b), w in zip(ends, weights, strict=True)}, graph

    return read


@pytest.mark.parametrize(
    "heading",
    [
        *("source,target", "FROM,TO", "src,dst", "Ego,Alter", "sender,receiver", "node1,node2", "node_1,node_2"),
        *("id_1,id_2", "numeric_id_1,numeric_id_2", "user_id,friend_id", "person,friend", "FromNodeId,ToNodeId"),
        *("Source ID,Target ID", "from_user,to_user", "userA,userB", "protein1,protein2", "follower,followee"),
        *("name,neighbour", "student,nominee", "source_node,target_node", '"source","target"', "\ufefffrom,to"),
        *("caller_id,callee_id", "person_i,person_j", "ID1,ID2", "origin,destination", "tail,head"),
    ],
)
def test_the_usual_names_of_two_ends(read, heading):
    first, second = heading.split(",")
    assert read(f"{heading}\nann,bob\n", directed=True)[0] == {("ann", "bob"): None}
    assert read(f"{first}\tx\t{second}\nann\t7\tbob\n", directed=True)[0] == {("ann", "bob"): None}
    if "\ufeff" not in heading:
        assert read(f"{second};{first}\nbob;ann\n", directed=True)[0] == {("ann", "bob"): None}


@pytest.mark.parametrize(
    "heading",
    [
        *("sourceid,targetid", "USERID,FRIENDID", "nodea,nodeb", "fromnode,tonode", "start_node,end_node"),
        *(":START_ID,:END_ID", "subject,object", "EGOID,ALTERID", "nodeid1,nodeid2", "lender,borrower"),
    ],
)
def test_words_that_stand_together_are_told_apart(read, heading):
    first, second = heading.split(",")
    assert read(f"{heading}\nann,bob\n", directed=True)[0] == {("ann", "bob"): None}
    assert read(f"{second},{first},since\nbob,ann,2001\n", directed=True)[0] == {("ann", "bob"): None}


def test_columns_of_both_ends_that_are_no_ends():
    assert ends_in(["SOURCE_SUBREDDIT", "TARGET_SUBREDDIT", "x"], numeric=lambda: False) == (0, 1)
    assert ends_in(["x", "source_thing", "target_thing"], numeric=lambda: False) is None
    for names in (["from_date", "to_date"], ["start", "end"], ["start_time", "end_time"], ["source_x", "target_x"]):
        assert ends_in(names, numeric=lambda: True) is None
    assert ends_in(["persona", "personb"], numeric=lambda: False) == (0, 1)
    assert ends_in(["head", "tail"], numeric=lambda: False) == (1, 0)
    assert ends_in(["head", "tail", "relation"], numeric=lambda: False) == (0, 1)


def test_numbers_of_columns_may_be_a_link(read):
    links, graph = read("0,1\n2,3\n3,4\n", directed=True)
    assert (len(links), graph.summary.notes) == (
        3,
        ("the first line was read as a link, 0 – 1: if it numbers the columns, say topology.heading=true",),
    )
    assert list(read("0,1\n2,3\n3,4\n", directed=True, heading=True)[0]) == [("2", "3"), ("3", "4")]
    assert read("0,1\n1,2\n", directed=True)[1].summary.notes == ()


def test_decimal_commas_outside_of_weights(read):
    links, graph = read("source;target;rate;time\nann;bob;1,5;0,5\nbob;cy;2;1\n", directed=True, at=0.5)
    assert (list(links), graph.link_attributes) == ([("ann", "bob")], {"rate": (1.5,)})
    assert "rate: written with decimal commas" in graph.summary.notes
    assert read("source;target;list\nann;bob;1,2,3\nbob;cy;2\n")[1].link_attributes["list"][0] == "1,2,3"
    assert read("source;target;list\nann;bob;1,234\nbob;cy;2\n")[1].link_attributes["list"][0] == "1,234"
    assert read("Doe Ann,Ray Bob\nRay Bob,Day Cy\n")[1].names == ("Doe Ann", "Ray Bob", "Day Cy")


def test_blanks_of_any_sort_around_names(read):
    assert read("source,target\nann\u00a0,bob\nbob\t,ann\n", directed=True)[1].names == ("ann", "bob")


@pytest.mark.parametrize("heading", ["i,j", "u,v", "a,b", "I,J"])
def test_letters_are_a_heading_above_numbers_only(read, heading):
    assert list(read(f"{heading}\n1,2\n", directed=True)[0]) == [("1", "2")]
    assert list(read(f"{heading}\nx,y\n", directed=True)[0]) == [tuple(heading.split(",")), ("x", "y")]


@pytest.mark.parametrize("name", ["weight", "W", "Value", "COUNT", "edge_weight", "edgeweight", "Strength"])
def test_the_usual_names_of_weights(read, name):
    links, graph = read(f"{name},from,to,x\n2,ann,bob,5\n")
    assert links == {("ann", "bob"): 2, ("bob", "ann"): 2}
    assert graph.link_attributes == {"x": (5, 5)}
    assert graph.summary.weights_from == f"column {name!r}"


def test_columns_that_are_no_weights_stay_attributes(read):
    links, graph = read(
        "Source,Target,Id,since,ok,code,note\n1,2,1,2.5,true,007,\n2,3,1000,,FALSE,010,\n", directed=True
    )
    assert links == {("1", "2"): None, ("2", "3"): None}
    assert graph.link_attributes == {"Id": (1, 1000), "since": (2.5, None), "ok": (True, False), "code": ("007", "010")}
    assert graph.summary.left_out == ("note",)


def test_separators_may_end_rows(read):
    for end in ("\n", "", "\n \n", "\n\n\n", " \n\t\n"):
        assert read(f"source\ttarget\tweight\n1\t2\t5\n2\t3\t{end}", directed=True)[0] == {("1", "2"): 5, ("2", "3"): 1}


def test_weights_that_are_not_wanted_are_left_out(read):
    links, graph = read("from,to,Weight,x\na,b,3,1\n", directed=True, weight="none")
    assert (links, graph.summary.left_out, graph.link_attributes) == ({("a", "b"): None}, ("Weight",), {"x": (1,)})
    assert read("from,to,Weight,x\na,b,3,1\n", directed=True, weight="x")[0] == {("a", "b"): 1}


def test_weights_that_are_missing_are_counted(read):
    links, graph = read("from,to,weight\na,b,3\nb,c,\n", directed=True)
    assert links == {("a", "b"): 3, ("b", "c"): 1}
    assert "1 links without a weight count 1" in graph.summary.notes


def test_a_column_of_rows_that_pandas_and_r_write_is_left_out(read):
    for text in (",source,target\n0,a,b\n1,b,c\n", '"","from","to"\n"1","a","b"\n"2","b","c"\n'):
        links, graph = read(text, directed=True)
        assert (list(links), graph.summary.left_out) == ([("a", "b"), ("b", "c")], ("column 1",))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"source": 2, "target": "1"}, {("b", "a"): None}),
        ({"source": "Kollege", "target": "mitarbeiter"}, {("b", "a"): None}),
        ({"source": "Mitarbeiter", "target": "Kollege", "weight": "Stunden"}, {("a", "b"): 3}),
        ({"source": 1, "target": 2, "weight": 3}, {("a", "b"): 3}),
        ({"source": 1, "target": 2, "time": "Stunden", "at": 3}, {("a", "b"): None}),
    ],
)
def test_options_name_or_number_columns(read, options, expected):
    assert read("Mitarbeiter,Kollege,Stunden\na,b,3\n", directed=True, **options)[0] == expected


def test_what_spreadsheets_and_r_write_around_a_table(read):
    assert list(read("source,target\na,b,\nb,c,\n", directed=True)[0]) == [("a", "b"), ("b", "c")]
    with pytest.raises(TopologyError, match="line 4: expected 3 fields"):
        read("source,target,x\na,b,1\n,,\nb,c\n")
    with pytest.raises(TopologyError, match=r"suffix .xlsx: not read here; save it as CSV"):
        read(b"PK\x03\x04", "g.xlsx")
    assert list(read("sep=;\r\nsource;target\r\na;b\r\n", directed=True)[0]) == [("a", "b")]
    assert read("a,b,\nb,c,\n", directed=True)[0] == {("a", "b"): None, ("b", "c"): None}
    text = '"from" "to" "weight"\n"1" "ann" "bob" 2\n"2" "bob" "cy" 3\n'
    assert read(text, "g.txt", directed=True)[0] == {("ann", "bob"): 2, ("bob", "cy"): 3}
    matrix = '"ann" "bob" "cy"\n"ann" 0 1 0\n"bob" 0 0 1\n"cy" 0 0 0\n'
    assert list(read(matrix, "g.txt")[0]) == [("ann", "bob"), ("bob", "cy")]


def test_names_that_may_be_one_are_told(read):
    notes = read("Ann,bob\nbob,ann\nbob,c d\n")[1].summary.notes
    assert "some names differ in case or blanks only, such as 'Ann' and 'ann'" in notes


def test_options_say_whether_there_is_a_heading(read):
    assert list(read("x,y\na,b\n", directed=True, heading=True, source=1, target=2)[0]) == [("a", "b")]
    assert list(read("source,target\na,b\n", directed=True, heading=False)[0]) == [("source", "target"), ("a", "b")]
    told = read("Wer,Wen\na,b\nb,c\nc,d\n")[1].summary.notes
    assert told == ("the first line was read as a link, Wer – Wen: if it is a heading, say topology.heading=true",)


def test_a_type_column_gives_each_link_its_direction(read):
    links, graph = read("Source,Target,Type\na,b,Directed\nb,c,undirected\n")
    assert list(links) == [("a", "b"), ("b", "c"), ("c", "b")]
    links, graph = read("Source,Target,Type\na,b,Directed\nb,c,undirected\n", directed=False)
    assert len(links) == 4
    assert "directed=false was given, whatever the file says of directions" in graph.summary.notes
    assert read("Source,Target,Type\na,b,kin\n")[1].link_attributes == {"Type": ("kin", "kin")}


def test_times(read):
    text = "source,target,timestamp\nann,bob,1196640000\nbob,cy,1196640100\nann,bob,1196640200\n"
    links, graph = read(text, directed=True)
    assert links == {("ann", "bob"): 2, ("bob", "cy"): 1}
    assert graph.summary.weights_from == "number of rows (contacts)"
    assert read(text, directed=True, parallel="once")[0] == {("ann", "bob"): None, ("bob", "cy"): None}
    assert list(read(text, directed=True, at="1196640050..1196640100")[0]) == [("bob", "cy")]
    assert read(text, directed=True, time="none", parallel="once")[1].link_attributes == {
        "timestamp": (None, 1196640100)
    }
    spells = "source,target,start,end\na,b,2001-01-01,2002-01-01\nb,c,2003-01-01,\n"
    assert list(read(spells, directed=True, at="2001-05-01")[0]) == [("a", "b")]
    assert list(read(spells, directed=True, at="2030-05-01")[0]) == [("b", "c")]
    assert read("source,target,date\na,b,yesterday\n")[1].summary.notes == (
        "date: neither numbers nor dates such as 2026-03-01, so an attribute and no time",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t i j\n20 1 2\n20 2 3\n", [("1", "2"), ("2", "3")]),
        ("20 100 101\n20 101 102\n", [("100", "101"), ("101", "102")]),
        ("1262454010 1 2\n1262454020 2 3\n", [("1", "2"), ("2", "3")]),
        ("20\t1\t2\tA\tB\n40\t2\t3\tB\tA\n", [("1", "2"), ("2", "3")]),
        ("0 1 5\n0 2 3\n1 2 4\n", [("0", "1"), ("0", "2"), ("1", "2")]),
    ],
)
def test_contact_lists_are_told_from_lists_with_weights(read, text, expected):
    links, graph = read(text, "g.txt", directed=True)
    assert list(links) == expected
    assert ("contact" in str(graph.summary) or "times: column 't'" in str(graph.summary)) == (expected[0][0] != "0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Mitarbeiter,Kollege,Gewicht\nann,bob,3\n", "line 1: looks like a heading that is not understood"),
        ("Knoten,Nachbar\n1,2\n2,3\n", "line 1: looks like a heading that is not understood"),
        ("from,to,source,target\na,b,c,d\n", "got source and target or from and to; say which"),
        ("id_1,id_2,name_1,name_2\n1,2,a,b\n", "say which: topology.source=… topology.target=…"),
        ("source,target,value,count\na,b,1,2\n", "weight: expected one column of weights, got value or count"),
        ("person,friend_1,friend_2,friend_3\nann,1,2,3\n", "looks like a heading that is not understood"),
        ("source,target,x,x\na,b,c,d\n", "heading: expected every name once, got 'x' twice"),
        ("source,target\na,b\nsource,target\nb,c\n", "line 3: repeats the heading"),
        ("source,target,weight\na,b,3\nb,c,3o\n", "line 3, weight: expected a number above 0, got '3o'"),
        ("source;target;weight\na;b;1,000\nb;c;2,000\n", "line 2, weight: expected a number above 0, got '1,000'"),
        ("source,target,weight\na,b,inf\n", "line 2, weight: expected a number above 0, got 'inf'"),
        ('a,b\n"c \\"x\\" d",e\n', "a double quote within a field in quotes is written twice"),
        (";a;b\nb;0;1\na;1;0\n", "expected the same names above and beside the matrix"),
        ("source,target\na,b\n,c\n", "line 3: expected source and target, got an empty field"),
        ("Source,Target,Type\na,b,Directed\nb,c,both\n", "column Type: expected Directed or Undirected in every row"),
        ("source,target,start,end\na,b,3,1\n", "line 2, time: expected an end after the start"),
        ("a b\n\n# c\nb c d\n", "line 4: expected 2 fields, as in the first row, got 3: ['b', 'c', 'd']"),
        ('a,b\n"c,d\n', "line 2: "),
        ('a,b\n"c"x,d\n', "line 2: "),
        ('a,b\n"c",d,e\n', "line 2: expected 2 fields"),
        ("1 2 1\n2 3 2\n3 1 3\n", "the third column has no name and its numbers are a counter"),
        ("1 2 1999\n2 3 2003\n", "years, as it seems"),
        ("1 2 7\n2 3 9\n1 3 20\n", "never falling, as a clock"),
        ("1 2 1196640000\n2 3 1196640000\n", "so large that they may be times or ids"),
        ("21 100 101\n33 101 102\n", "say topology.format=contact-list"),
        ("28820 492 938\n28820 267 938\n", "say topology.format=contact-list"),
        ("0 1 2\n0 2 3\n0 3 1\n", "say topology.format=contact-list"),
        ("20 1 2\n20 2 3\n", "say topology.format=contact-list"),
        ("100 1 2 3\n100 2 3 4\n", "got 4 fields without a heading that says what they are"),
        ("a;b;c;d\n", "got 4 fields without a heading that says what they are"),
        ("source,target\n#metoo,#blm\n", "the line #metoo,#blm begins as a comment does, but reads like a row"),
        ("#metoo,#blm\nx,y\n", "the line #metoo,#blm begins as a comment does, but reads like a row"),
        ("a,b\0\n", "expected text, got a zero byte at 3"),
        ("\xff\xfea", "got an error"),
        ("a b\na b\n", "the edge a – b is there twice"),
        ("source,target\n1,2.0\n2,3.0\n", "names: expected one form for every agent, got '2' and '2.0'"),
        ('"a" "b"\n"b" "c" 2\n', "line 1: looks like a heading that is not understood"),
        ("%%MatrixMarket matrix coordinate real general\n3 4 1\n1 2 5\n", "expected a square matrix, got 3 × 4"),
        ("Lehrer,Kind,note_1,note_2\na,b,1,2\n", "looks like a heading that is not understood"),
        ("Ann Lee|Bob Ray\nBob Ray|Cy Day\n", "expected a number above 0, got 'Ray'"),
        ("1::2::5\n", "line 1: expected source, target and perhaps a weight"),
        ("source,target,weight\na,a,1\n", "topology.self_loops=drop"),
    ],
)
def test_what_is_not_clear_is_refused(read, text, message):
    with pytest.raises(TopologyError) as caught:
        read(text.encode("latin-1") if text.startswith("\xff") else text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "sauce"}, "source: expected one of source, target, or a number from 1 to 2, got 'sauce'; did you"),
        ({"target": 3}, "target: expected one of source, target, or a number from 1 to 2, got 3"),
        ({"source": 2}, "source, target: expected two columns, got column 2 for both"),
        ({"weight": 9}, "weight: expected one of"),
        ({"time": "a,b,c"}, "time: expected a column, or two for start and end"),
        ({"at": 1}, "at: expected a file whose links have times"),
        ({"key": "a"}, "key: expected together with topology.people"),
        ({"format": "graphlm"}, "did you mean 'graphml'?"),
    ],
)
def test_wrong_options_are_refused(read, options, message):
    with pytest.raises(TopologyError) as caught:
        read("source,target\na,b\n", **options)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["n1,n2\nn2,n3\n", "agent1 agent2\nagent3 agent4\n", "id_1;id_2\nid_3;id_1\n"])
def test_numbered_agents_are_no_heading(read, text):
    assert read(text)[1].summary.links == 2
    assert read(text)[1].summary.names_from == "column 1 and column 2"


def test_bars_separate_only_where_no_blanks_do(read):
    assert list(read("ann | bob\nbob|cy\n", directed=True)[0]) == [("ann", "bob"), ("bob", "cy")]
    assert list(read("gi|1 gi|2\ngi|2 gi|3\n", directed=True)[0]) == [("gi|1", "gi|2"), ("gi|2", "gi|3")]


def test_four_lines_of_four_numbers_may_be_a_list(read):
    text = "% asym positive\n1 2 1 7\n2 3 1 8\n3 4 1 9\n4 1 1 9\n"
    assert (
        read(text, "out.x")[1].summary.format == read(text, "x.txt")[1].summary.format == "edge table (KONECT, blanks)"
    )
    with pytest.raises(TopologyError, match="got 4 fields without a heading"):
        read(text.partition("\n")[2], "x.txt")
    for heading in ("source,target,weight", "i,j,w", "id_1,id_2,x"):
        assert list(read(f"{heading}\n0,1,2\n1,2,3\n2,0,2\n", directed=True)[0]) == [("0", "1"), ("1", "2"), ("2", "0")]
    assert read("x,y,z\n0,1,0\n1,0,0\n0,0,0\n")[1].names == ("x", "y", "z")
    assert read("0 1 0 0\n1 0 1 0\n0 1 0 1\n0 0 1 0\n", "x.txt")[1].summary.format == "adjacency matrix (text)"


def test_comments_begin_a_line(read):
    assert list(read("# x\n% y\na,b#1\n# z\nb#1,c\n\n", directed=True)[0]) == [("a", "b#1"), ("b#1", "c")]
    assert read("# t i j\n20 1 2\n40 1 2\n", "g.txt", directed=True)[0] == {("1", "2"): 2}
    assert list(read("# source,weight,target\nx,2,y\n", directed=True)[0].items()) == [(("x", "y"), 2)]
    assert list(read('source,target\n"#metoo","#blm"\n', directed=True)[0]) == [("#metoo", "#blm")]


def test_encodings_and_line_ends(read):
    text = "source;target\r\nZoë;Bob\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("utf-16"), text.replace("\r\n", "\r").encode()):
        assert list(read(data, directed=True)[0]) == [("Zoë", "Bob")]
    with pytest.raises(TopologyError, match="expected text in UTF-8, got the byte 0xeb at 17; save the file as UTF-8"):
        read(text.encode("latin-1"))


def test_compressed_files(read, monkeypatch):
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(b"a,b\n")
    for data, suffix in ((gzip.compress(b"a,b\n"), ".gz"), (packed.getvalue().to_pybytes(), ".zst")):
        assert list(read(data, f"G.CSV{suffix.upper()}", directed=True)[0]) == [("a", "b")]
        for broken in (data[:-6], b"nothing", b""):
            with pytest.raises(TopologyError):
                read(broken, f"g.csv{suffix}")
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    with pytest.raises(TopologyError, match="at most 1,000 bytes"):
        read(gzip.compress(b"a" * 10_000_000), "g.csv.gz")


def test_numbers_with_zeros_before_them_are_other_names(read):
    assert read("007,7\n7,12\n", directed=True)[1].names == ("007", "7", "12")
    long = "9" * 1000
    assert read(f"{long},1\n1,22\n", directed=True)[1].names == ("1", "22", long)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a," * 20_000, "at most 10,000 columns"),
        ("a\n" * 1_000_010, "at most 1,000,001 lines"),
        ("#\n" * 10_010, "at most 10,000 comments"),
        ("9" * 1001 + ",1\n", "at most 1,000 characters in a name"),
        ("source,target,weight\na,b," + "9" * 5000, "line 2, weight: expected a number above 0, got '999"),
        ("dl n=100000\ndata:\n0 1\n", "expected 10,000,000,000 numbers for N=100000 and fullmatrix, got 2"),
        ("\n" * 1_000_000, "expected a graph with agents, got an empty one"),
    ],
)
def test_limits_come_before_anything_is_built(read, text, message):
    with pytest.raises(TopologyError) as caught:
        read(text, "g.txt")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("values", "plain"),
    [
        ([1, 2.5], True),
        ([1, 1, 1, 1], True),
        ([3, 1, 2, 2], True),
        ([5, 5, 1, 700], True),
        ([2000], True),
        ([], True),
        ([1, 2, 3], False),
        ([7, 8, 9, 10], False),
        ([4, 2, 5, 1, 3], False),
        ([0.5, 0.7, 3.5], False),
        ([20, 20, 20, 40, 60], False),
        ([1990, 2001], False),
        ([2e9], False),
    ],
)
def test_plain_weights(values, plain):
    assert (doubt(np.array(values, dtype=float)) is None) == plain


def test_a_table_of_people_joins_its_attributes(read, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("Name;Age;club\nbob;30;x\nann;;y\ndan;4;x\n")
    graph = read("source,target\nann,bob\nbob,cy\n", people=people)[1]
    assert graph.attributes == {"Age": (None, 30, None), "club": ("y", "x", None)}
    assert graph.summary.notes == (
        "attributes of agents from people.csv, joined by its column 'Name'",
        "1 agents are not in people.csv: cy",
        "1 people of people.csv are not in the graph: dan",
    )
    people.write_text('"","name","height"\n"1","bob",NA\n"2","ann",165\n')
    joined = read("source,target\nann,bob\n", people=people)[1]
    assert (joined.attributes, joined.summary.left_out) == ({"height": (165, None)}, ("column 1 of people.csv",))
    people.write_text("height;name\n1,65;ann\n2;bob\n")
    assert read("source,target\nann,bob\n", people=people)[1].attributes == {"height": (1.65, 2)}
    with pytest.raises(TopologyError, match="save it as CSV, with one row a person"):
        people.with_suffix(".xlsx").write_bytes(b"PK")
        read("source,target\nann,bob\n", people=people.with_suffix(".xlsx"))
    people.write_text("ann,30\nbob,31\n")
    assert read("source,target\nann,bob\n", people=people)[1].attributes == {"column 2": (30, 31)}
    people.write_text("id,alias,x\nann,ann,1\nbob,bob,2\n")
    assert read("source,target\nann,bob\n", people=people, key="alias")[1].attributes["x"] == (1, 2)
    for text, message in (
        ("id,alias\nann,ann\nbob,bob\n", "key: id and alias hold equally many names of agents; say topology.key="),
        ("id,age\nann,1\nann,2\n", "column 'id': expected every person once, got 'ann' twice"),
        ("x,y\n1,2\n", "expected a column with the names of agents, such as 'ann', got none in x, y"),
        ("", "expected a table of people, got an empty one"),
    ):
        people.write_text(text)
        with pytest.raises(TopologyError) as caught:
            read("source,target\nann,bob\n", people=people)
        assert message in str(caught.value) and f"people: {people}: " in str(caught.value)


NAMES = st.text(st.sampled_from("abcxyzé 019#%\"',;.-_"), min_size=1, max_size=5).map(str.strip).filter(bool)
NAMES = NAMES.filter(lambda name: not name.endswith(".0"))  # 1 and 1.0 are refused
LINKS = st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8, unique=True)
HEADINGS = st.sampled_from(
    ["source,target", "From,To", "ID_1,ID_2", "user_id,friend_id", "ego,alter", "sender,receiver"]
)


@settings(max_examples=60, deadline=None)
@given(LINKS, HEADINGS, st.permutations(range(4)), st.sampled_from("\t;,|"), st.booleans(), st.integers(0, 2))
def test_the_form_of_a_table_changes_nothing(links, heading, order, separator, quoted, comments):
    links = [link for link in links if link[0] != link[1]]
    if not links:
        return
    weights = [row % 3 + 1 for row in range(len(links))]
    columns = [*heading.split(","), "Weight", "note"]
    rows = [[*link, weight, f"n{weight}"] for link, weight in zip(links, weights, strict=True)]
    text = io.StringIO()
    text.write("# a comment\n" * comments)
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([[row[at] for at in order] for row in [columns, *rows]])
    lines = [line for line in text.getvalue().splitlines() if line]
    unquoted = [line for line in lines[comments:] if line.startswith(("#", "%"))]
    if separator == "|" and not quoted and any(" " in name for link in links for name in link):
        return  # blanks would separate
    if unquoted:  # a name may not begin a line with the mark of a comment, unless it is quoted
        return
    options = ReadOptions(directed=True)
    graph = to_topology(read_edge_table(("\n".join(lines) + "\n").encode(), options), options)
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    found = {(graph.names[one], graph.names[other]) for one, other in ends}
    assert found == set(links)
    by_link = dict(zip(links, weights, strict=True))
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    assert graph.weights.tolist() == [by_link[graph.names[one], graph.names[other]] for one, other in ends]
    assert graph.link_attributes["note"] == tuple(f"n{weight:.0f}" for weight in graph.weights)
    appearance = list(dict.fromkeys(name for link in links for name in link))
    if all(name.isascii() and name.isdigit() for name in appearance):
        appearance.sort(key=int)
    assert list(graph.names) == appearance


def test_names_of_columns_that_are_several_pairs():
    assert ends_in(["a_1", "a_2", "x"], numeric=lambda: False) == (0, 1)
    assert ends_in(["x", "a_1", "a_2"], numeric=lambda: False) is None
    assert ends_in(["x", "city_1", "city_2"], numeric=lambda: False) == (1, 2)
    assert ends_in(["a_1", "a_2", "a_3"], numeric=lambda: False) is None
    assert ends_in(["1", "2"], numeric=lambda: True) is None
    assert ends_in([f"c{column}_1" for column in range(5000)], numeric=lambda: True) is None
