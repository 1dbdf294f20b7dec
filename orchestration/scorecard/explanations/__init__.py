"""Every number explains itself: intervals, control charts, run rates, outturns, judgements and changes."""
