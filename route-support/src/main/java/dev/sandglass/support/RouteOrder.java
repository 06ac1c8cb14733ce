package dev.sandglass.support;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;

/** The handlers of a call on its way to its route, in this order: what costs nothing comes first. */
public enum RouteOrder {
    COURSE(-302), // it failed: it gives back what it holds
    PUT_OFF(-301), // it failed: a stranger waits for the answer
    ADDRESS(-300), // its address can be decoded; it failed: the answer is a problem document
    HEADERS(-299), // it has a guard of its own, and keeps the headers of the contract alone
    FRONT_DOOR(-200), // on the public port: its path is there
    SIDECAR(-150), // the sidecar is there, without which the app token is not known
    LOCAL_NAME(-101), // in the local profile: its host is a name of this machine
    APP_TOKEN(-100), // it has the app token, or its path needs none
    MCP(-55), // no page of others calls the tools of assistants
    CORS(-54), // its page is told that it may call
    CALL(-53), // its path, method, token and parameters are of the contract
    INTAKE(-52), // its body is read
    ADMISSION(-49), // it is its caller's turn: what the body costs from here is the caller's
    BODY(-48), // its body is of the contract
    TICKET(-1), // its ticket is used; the next is the upgrade to a socket
    NO_ROUTE(20_000), // no route of Camel has answered it
    NOTHING(30_000); // nothing has

    private final int order;

    RouteOrder(int order) {
        this.order = order;
    }

    public Route on(Router router) {
        return router.route().order(order);
    }

    public Route on(Router router, String path) {
        return router.route(path).order(order);
    }
}
