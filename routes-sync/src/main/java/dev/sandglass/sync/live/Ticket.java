package dev.sandglass.sync.live;

/**
 * What a good ticket says.
 *
 * @param id its own, for it is good for one connection
 */
record Ticket(String user, String id) {}
