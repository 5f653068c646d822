"""The application held against independent answers: parity with the oracles, leak sweeps, paired worlds, migrations."""
