package dev.sandglass.task.routes.http;

import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Answers what does not get as far as a route. */
final class Problems {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private static final String FORM = "sandglass.problem.form";

    private Problems() {}

    static Problem nothing() {
        return new Problem(404, "There is nothing here");
    }

    /** @param most bytes that it may have: those of a file that may be larger are other programs', and not made for this */
    static Problem tooLarge(int most) {
        return new Problem(
                413,
                most == Intake.MOST
                        ? "A body has 1 MB at most"
                        : "A file has " + most / Intake.MOST
                                + " MB at most: zip it, leave out attachments (of a dump of"
                                + " Vikunja send its data.json), or send it in parts");
    }

    /** Names the methods in the header {@code Allow} too. */
    static Problem notAllowed(HttpServerResponse response, Set<String> methods) {
        String allow = String.join(", ", new TreeSet<>(methods));
        response.putHeader(HttpHeaders.ALLOW, allow);
        return new Problem(405, "Here one can " + allow);
    }

    /** Has what is wrong with a call told in a form that its caller reads. */
    static void tell(RoutingContext call, UnaryOperator<Problem> form) {
        call.put(FORM, form);
    }

    /** Answers a call that failed, before a route saw it or in one. */
    static void failed(RoutingContext call) {
        UnaryOperator<Problem> form = call.get(FORM, UnaryOperator.identity());
        Throwable failure = call.failure();
        HttpServerRequest request = call.request();
        if (call.response().headWritten() || failure instanceof HttpClosedException) {
            LOG.debugf(failure, "%s %s, with nobody left to answer", request.method(), request.path());
        } else if (failure instanceof Problem problem) {
            answer(request, form.apply(problem));
        } else if (failure instanceof Rejection refused) {
            answer(request, form.apply(Problem.of(refused)));
        } else if (failure instanceof Unavailable) {
            answer(request, form.apply(new Problem(503, failure.getMessage() + "; try again")));
        } else if (call.statusCode() >= 400 && call.statusCode() < 500) {
            answer(request, form.apply(new Problem(call.statusCode(), "The request cannot be taken as it is")));
        } else {
            LOG.errorf(failure, "%s %s: %d", request.method(), request.path(), call.statusCode());
            answer(request, form.apply(new Problem(500, "It is logged; it may have been done all the same")));
        }
    }

    static void answer(HttpServerRequest request, Problem problem) {
        boolean waits = request.headers().contains(HttpHeaders.EXPECT) && !request.isEnded();
        if (waits || problem.status() == 413) {
            // Nobody can tell whether the body comes now or another request; or it comes, and is not read.
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        problem.answer(request.response());
        if (waits) {
            request.connection().close();
        }
    }
}
