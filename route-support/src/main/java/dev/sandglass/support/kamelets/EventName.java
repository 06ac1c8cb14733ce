package dev.sandglass.support.kamelets;

import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What tells an event from every other: a reminder and what became of it are two, with one {@code ce-id}. */
final class EventName {
    private EventName() {}

    /** @return null where the message is of no event */
    static @Nullable String of(Message message) {
        String id = message.getHeader("ce-id", String.class);
        return id == null ? null : id + " " + message.getHeader("ce-type", "", String.class);
    }
}
