//! Distribution of conversations to agents: exact, deterministic and explained.
