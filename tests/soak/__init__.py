"""Years simulated in minutes: the real schedule and sensors, with deliveries, people and faults by seed."""
