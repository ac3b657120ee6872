"""Follow runs and studies from outside: what exists, how far it is, in a terminal and on a page; nothing is written."""
