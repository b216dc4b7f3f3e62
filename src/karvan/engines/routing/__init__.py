"""Through routes on departures: the exact front on several criteria."""
