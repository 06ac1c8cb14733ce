package dev.sandglass.sync.routes;

import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.live.Leases;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** How many sockets a user holds is counted in the store, for all replicas: by tickets that are given, used, and sockets that close. */
public class HoldSocketsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/internal/tickets?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("sync.invoke.reserve-socket")
                .routeConfigurationId("problems")
                .description(
                        "Counts a ticket that task is about to give as a socket of its user, where there is room; those that wait together")
                .convertBodyTo(String.class)
                .setProperty("reservation")
                .method(Leases.class, "reservation")
                .setProperty("user", simple("${exchangeProperty.reservation.user}"))
                .bean(Leases.class, "await")
                .doTry()
                // Counted together with another one already, perhaps.
                .filter(simple("${exchangeProperty.reservation.settled} == false"))
                .bean(Leases.class, "reserve")
                .to("direct:decide")
                .bean(Leases.class, "settle")
                .end()
                .endDoTry()
                .doFinally()
                .bean(Leases.class, "pass")
                .end()
                .setBody()
                .method(Leases.class, "answer")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));

        from("direct:use-ticket")
                .errorHandler(noErrorHandler())
                .routeId("sync.socket.use-ticket")
                .description("Makes a ticket a socket of this replica, once")
                .setProperty("user", simple("${body.user}"))
                .bean(Leases.class, "use")
                .to("direct:decide-on-sockets");

        from("direct:decide-on-sockets")
                .errorHandler(noErrorHandler())
                .routeId("sync.socket.decide")
                .description("One decision about a user's sockets after the other")
                .bean(Leases.class, "await")
                .doTry()
                .to("direct:decide")
                .doFinally()
                .bean(Leases.class, "pass")
                .end();

        from("seda:free-sockets?size=100000&concurrentConsumers=4")
                .routeId("sync.socket.free")
                .description("Sockets that closed count no more; when the last of a user was there is remembered")
                .split()
                .method(Sockets.class, "toFree")
                .to("direct:free-sockets");

        from("direct:free-sockets")
                .routeId("sync.socket.free-of-user")
                .description(
                        "Takes the closed sockets of a user out of the count; while the store is away, again and again")
                .errorHandler(defaultErrorHandler()
                        .maximumRedeliveries(20)
                        .redeliveryDelay(500)
                        .useExponentialBackOff()
                        .backOffMultiplier(2)
                        .maximumRedeliveryDelay(30_000)
                        .asyncDelayedRedelivery()
                        .retryAttemptedLogLevel(LoggingLevel.DEBUG))
                .setProperty("closed", body())
                .to("direct:free");

        from("direct:free")
                .errorHandler(noErrorHandler())
                .routeId("sync.socket.free-once")
                .description("One try of that")
                .setProperty("user", simple("${exchangeProperty.closed.user}"))
                .setBody(exchangeProperty("closed"))
                .bean(Leases.class, "close")
                .to("direct:decide-on-sockets");

        from("timer:live?period={{sandglass.sync.lease}}&delay=0")
                .routeId("sync.timer.lease")
                .description("Says that this replica lives: the sockets of one that was killed are free soon after")
                .filter()
                .method(Sockets.class, "stays")
                .setBody()
                .method(Leases.class, "live")
                .doTry()
                .to("kamelet:dapr-state-transaction-sink")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}")
                .end();

        from("direct:end-lease")
                .routeId("sync.socket.end-lease")
                .description("The sockets of a replica that stops are free at once")
                .setBody()
                .method(Leases.class, "end")
                .doTry()
                .to("kamelet:dapr-state-transaction-sink")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}")
                .end();
    }
}
