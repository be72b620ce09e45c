"""What the paper's reviewers asked and the paper left open: R1 to R9, answered from tables of the run."""
