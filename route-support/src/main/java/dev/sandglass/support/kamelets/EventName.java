package dev.sandglass.support.kamelets;

import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The unique name of an event: the event of a reminder and the event of its end have the same {@code ce-id}. */
final class EventName {
    private EventName() {}

    /** @return null where the message is of no event */
    static @Nullable String of(Message message) {
        String id = message.getHeader("ce-id", String.class);
        return id == null ? null : id + " " + message.getHeader("ce-type", "", String.class);
    }
}
