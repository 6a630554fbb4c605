"""Many runs at one x: their order, and how far luck made it."""
