"""What the environment says: settings, servers, log lines."""
