"""The population as a system: blocks of stacked agents that play games along a topology."""
