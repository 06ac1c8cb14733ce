package dev.sandglass.sync.routes;

import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.builder.RouteBuilder;

/** A reminder that came due is at every open socket of every member of its list. */
public class FanOutReminderRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:dapr-subscription-source?topic=reminders&type=reminder.due")
                .routeId("sync.event.fan-out-reminder")
                .description("A due reminder goes to the sockets of its list's members")
                .bean(ReminderFrame.class, "read")
                .setProperty("members")
                .method(Feeds.class, "members")
                .bean(Sockets.class, "remind");
    }
}
