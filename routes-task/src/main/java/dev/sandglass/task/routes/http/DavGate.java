package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.Labels;
import dev.sandglass.support.Problem;
import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.dav.DavPath;
import dev.sandglass.task.domain.dav.DavRefused;
import dev.sandglass.task.domain.dav.DavReply;
import dev.sandglass.task.domain.dav.Multistatus;
import dev.sandglass.task.routes.identity.Identity;
import dev.sandglass.task.routes.identity.Tokens;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds each request under {@code /dav} against what CalDAV has, before any route sees it, as the {@link Gate} does for the API. OpenAPI
 * has no word for its methods. What a route gets has a method that there is, a user whose token is good for it, and a body of UTF-8.
 */
@Singleton
public class DavGate {
    /** The methods that some path under /dav takes. */
    public static final Set<String> METHODS = new TreeSet<>(Set.of(
            "OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL"));

    public static final String CLASSES = "1, 3, calendar-access, extended-mkcol";

    private static final String PATHS = "/dav/*";
    private static final String WELL_KNOWN = "/.well-known/caldav";
    private static final Set<String> CALENDARS = Set.of("text/calendar");
    private static final Set<String> XML = Set.of("application/xml", "text/xml");
    private static final List<CharSequence> ONCE = List.of(
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.IF_MATCH,
            HttpHeaders.IF_NONE_MATCH,
            "Depth");
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final Gate gate;
    private final Tokens tokens;

    DavGate(Gate gate, Tokens tokens) {
        this.gate = gate;
        this.tokens = tokens;
    }

    /** Programs ask their user for a name and a password where they are told of Basic. */
    private static final class Unsigned extends Problem {
        private static final long serialVersionUID = 1L;

        Unsigned(String detail) {
            super(401, detail);
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> headers = super.headers();
            headers.put("WWW-Authenticate", "Basic realm=\"Sandglass\", charset=\"UTF-8\"");
            return headers;
        }
    }

    /** A refusal as programs read it, and its user who is shown it by them. */
    private static final class Refusal extends Problem {
        private static final long serialVersionUID = 1L;
        private final transient Problem why;
        private final String method;

        Refusal(Problem why, String method) {
            super(why.status(), String.valueOf(why.getMessage()));
            this.why = why;
            this.method = method;
        }

        @Override
        public Future<Void> answer(HttpServerResponse response) {
            DavReply reply = Multistatus.refusal(status(), DavRefused.usual(status(), method), getMessage());
            why.headers().forEach(response::putHeader);
            reply.headers().forEach(response::putHeader);
            return response.putHeader("DAV", CLASSES).setStatusCode(status()).end(String.valueOf(reply.text()));
        }
    }

    /** @param user whose password the token is to be; null: it says itself whose it is */
    private record Shown(@Nullable String user, String token) {}

    /** Between the app token and the routes of Camel. */
    void guard(@Observes Router router) {
        gate.pass(router, PATHS, this::hold, DavGate::holdBody);
        Handler<RoutingContext> lead = call -> {
            Labels.as(call.request(), WELL_KNOWN);
            call.next();
        };
        gate.pass(router, WELL_KNOWN, lead, DavGate::holdBody);
    }

    private void hold(RoutingContext call) {
        HttpServerRequest request = call.request();
        String method = request.method().name();
        DavPath path = path(call);
        Labels.as(request, "/dav/{" + path.kind().name().toLowerCase(Locale.ROOT) + "}");
        if (!METHODS.contains(method)) {
            throw Problems.notAllowed(call.response(), METHODS);
        }
        if (ONCE.stream().anyMatch(name -> request.headers().getAll(name).size() > 1)) {
            throw new Problem(400, "A header is there twice");
        }
        Shown shown = shown(request);
        Gate.verify(call, tokens, shown.token, DavGate::refusal, who -> letIn(call, method, shown, who));
    }

    private static Throwable refusal(Throwable refused) {
        return refused instanceof Problem problem && problem.status() == 401
                ? new Unsigned("The token is not valid, or no longer; make another")
                : refused;
    }

    private static void letIn(RoutingContext call, String method, Shown shown, Tokens.Bearer who) {
        if (shown.user != null && !shown.user.equals(who.user())) {
            throw new Unsigned("The token is not of this user");
        }
        call.setUser(Identity.user(who));
        Problems.tell(call, problem -> new Refusal(problem, method));
        Grant grant = who.grant();
        String scope = ProblemDocuments.READING.contains(method) ? Grant.READ : Grant.WRITE;
        if (grant != null && !grant.scopes().contains(scope)) {
            throw new Problem(403, "This token may not " + scope);
        }
        call.next();
    }

    private static DavPath path(RoutingContext call) {
        try {
            return DavPath.of(DavPath.parts(call.request().path())).orElseThrow(Problems::nothing);
        } catch (IllegalArgumentException e) {
            throw Problems.nothing();
        }
    }

    /** @throws Problem 401 where there is none */
    private static Shown shown(HttpServerRequest request) {
        String given = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Shown(null, given.substring(BEARER.length()).strip());
        }
        if (given != null && given.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            String pair = decoded(given.substring(BASIC.length()).strip());
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return new Shown(pair.substring(0, colon), pair.substring(colon + 1));
            }
        }
        throw new Unsigned("Sign in with your name, and a personal token as the password");
    }

    private static String decoded(String pair) {
        try {
            return new String(Base64.getDecoder().decode(pair), UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static void holdBody(RoutingContext call) {
        MultiMap headers = call.request().headers();
        String given = headers.get(HttpHeaders.CONTENT_TYPE);
        if (given != null) {
            MediaType type = MediaType.parse(given);
            Set<String> takes = call.request().method().name().equals("PUT") ? CALENDARS : XML;
            if (!takes.contains(type.name()) || !type.utf8()) {
                throw new Problem(415, "The body must be " + String.join(" or ", new TreeSet<>(takes)) + " in UTF-8");
            }
        }
        Gate.text(call.body().buffer());
        // Camel would take the charset for what it reads and writes later on.
        headers.set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
    }
}
