"""What of people's own words everybody may read: personal details that are masked until an official has looked."""
