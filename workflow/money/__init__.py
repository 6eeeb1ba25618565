"""What things cost and who pays: cost lines, pots, effects on the ledger, rates. Decides nothing."""
