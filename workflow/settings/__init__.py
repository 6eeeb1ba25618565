"""What config.toml says, read and judged as a whole before anything starts."""
