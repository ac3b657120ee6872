"""How any system is stepped, recorded, checkpointed and resumed; knows no science."""
