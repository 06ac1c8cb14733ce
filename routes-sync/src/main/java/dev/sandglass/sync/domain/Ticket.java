package dev.sandglass.sync.domain;

import java.time.Instant;

/**
 * The content of a valid ticket.
 *
 * @param id its own id, since it is valid for one connection only
 * @param until the instant at which the token behind the ticket ends
 */
public record Ticket(String user, String id, Instant until) {}
