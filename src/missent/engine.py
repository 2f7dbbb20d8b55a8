"""judge(message, envelope, context, policy) -> Verdict: the one place where checks and policy meet."""
