package dev.sandglass.support;

import org.apache.camel.builder.RouteConfigurationBuilder;

/**
 * An exception goes through a route to its caller: the step that leads to it, or whoever it begins with. So it ends where {@code doTry}
 * or {@code onException} says how; Camel's own error handler would log it with its stack in each route on the way, and keep it from
 * every {@code onException} further up. A route that tries again says so itself.
 */
public class ThrowToCaller extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
        routeConfiguration().errorHandler(noErrorHandler());
    }
}
