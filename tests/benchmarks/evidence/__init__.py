"""Whether the comparison's claims can be believed: simulations whose truth is known, against the bars."""
