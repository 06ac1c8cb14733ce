package dev.sandglass.events;

/** The three topics, and the names of the Dapr Pub/Sub components that carry them. */
public final class Topics {
    public static final String PUBSUB = "pubsub";

    /** Every change, complete: the truth for other services. */
    public static final String TASK_EVENTS = "task-events";
    /** The same changes as frames for live clients. */
    public static final String TASK_UPDATES = "task-updates";
    /** Due reminders, and their ends. */
    public static final String REMINDERS = "reminders";

    private Topics() {}
}
