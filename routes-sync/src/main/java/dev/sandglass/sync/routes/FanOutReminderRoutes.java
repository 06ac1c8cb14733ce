package dev.sandglass.sync.routes;

import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Reminded;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** A reminder that came due is at every open socket of every member of its list, also where the broker did not bring it. */
public class FanOutReminderRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:dapr-subscription-source?topic=reminders&type=reminder.due")
                .routeId("sync.event.fan-out-reminder")
                .description("A due reminder goes to the sockets of its list's members")
                .split(body())
                .stopOnException()
                .bean("daprEvents", "open")
                .bean(ReminderFrame.class, "read")
                .to("direct:fan-out-reminder");

        from("timer:missed-reminders?delay=15000&period={{sandglass.sync.missed-reminders-millis}}")
                .routeId("sync.timer.missed-reminders")
                .description("Asks reminder what was delivered lately; what was not heard here goes out")
                .doTry()
                .setBody()
                .method(Reminded.class, "questions")
                .split(body())
                .to("kamelet:dapr-invoke-action?app=reminder&method=internal/fired")
                .bean(Reminded.class, "frames")
                .split(body())
                .to("direct:fan-out-reminder")
                .end()
                .end()
                .endDoTry()
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "missed reminders are asked for later: ${exception.message}")
                .end();

        from("direct:fan-out-reminder")
                .routeId("sync.socket.fan-out-reminder")
                .description("A reminder that did not go out yet, to the sockets")
                .filter()
                .method(Reminded.class, "isNews")
                .setProperty("members")
                .method(Feeds.class, "members")
                .bean(Sockets.class, "remind");
    }
}
