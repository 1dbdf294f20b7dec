"""Comparison of a delivery with those before it: implausible figures, restatements, drift. Frames in, findings out."""
