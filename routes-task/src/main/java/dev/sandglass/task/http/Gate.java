package dev.sandglass.task.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Problem.Fault;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.identity.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Holds each request under {@code /api} against {@code openapi.json} before any route sees it, and answers what does not
 * fit with a problem document. What a route then gets has a known path and method, a token of some kind, parameters as
 * described, and a body, read whole, of the right media type, or none.
 */
@Singleton
public class Gate {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final String API = "/api/*";
    /** Where operators' paths begin: others do not learn what there is, and what can be done there. */
    private static final List<String> OPERATORS = List.of("api", "ops");

    private static final int MOST_BYTES = 1_000_000;
    /** How long the rest of a body that is too large is read and thrown away, so that its sender can read the answer. */
    private static final int DRAIN_MILLIS = 10_000;

    private static final String OPERATION = "sandglass.operation";
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9]\\d{0,17}");
    private static final Set<String> FORMS = Set.of("multipart/form-data", "application/x-www-form-urlencoded");
    private static final Set<String> ANSWERS =
            Set.of("*/*", "application/*", "application/json", "application/problem+json");

    /** Path of the description, in its parts, to what can be called there. */
    private record Place(List<String> parts, Map<String, Operation> calls) {}

    private final List<Place> places;
    private final Set<String> origins;
    private final Admission admission;
    private final Identity identity;

    /**
     * @param profile {@code local} opens what is only for trying out
     * @param origins of pages of others that may call the API, as {@code https://example.com}
     */
    Gate(
            Contract contract,
            Admission admission,
            Identity identity,
            @ConfigProperty(name = "sandglass.profile") Optional<String> profile,
            @ConfigProperty(name = "sandglass.task.allowed-origins") Optional<List<String>> origins) {
        this.admission = admission;
        this.identity = identity;
        this.origins = Set.copyOf(origins.orElse(List.of()));
        places = contract.operations().stream()
                .filter(operation ->
                        operation.profile() == null || operation.profile().equals(profile.orElse(null)))
                .collect(groupingBy(Operation::path))
                .entrySet()
                .stream()
                .map(path -> new Place(
                        parts(path.getKey()), path.getValue().stream().collect(toMap(Operation::method, it -> it))))
                .toList();
    }

    /** Between the app token and the routes of Camel. */
    void guard(@Observes Router router) {
        CorsHandler cors = CorsHandler.create()
                .addOrigins(List.copyOf(origins))
                .allowedMethods(Set.of(
                        HttpMethod.GET,
                        HttpMethod.HEAD,
                        HttpMethod.POST,
                        HttpMethod.PUT,
                        HttpMethod.PATCH,
                        HttpMethod.DELETE))
                .allowedHeaders(Set.of("Authorization", "Content-Type", "If-Match", "Idempotency-Key"))
                .exposedHeaders(Set.of("ETag", "Location", "Retry-After"));
        // Before all that looks at the path, the front door too: where it cannot be decoded, they fail without a
        // document.
        router.route().order(-300).handler(Gate::decodable);
        router.route(API).order(-54).failureHandler(this::failed).handler(call -> {
            String origin = call.request().getHeader(HttpHeaders.ORIGIN);
            if (origin != null && origins.contains(origin)) {
                cors.handle(call);
            } else {
                // No header of CORS: the browser of a foreign page keeps the answer from it.
                call.next();
            }
        });
        router.route(API).order(-53).handler(this::keepFromOthers).handler(this::hold);
        router.route(API).order(-52).handler(call -> {
            admission.body(call, MOST_BYTES);
            call.next();
        });
        router.route(API).order(-51).handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES));
        router.route(API).order(-50).handler(this::holdBody);
        router.route(API).order(-49).handler(this::admit);
        router.route(API).order(20_000).handler(call -> answer(call, nothing()));
    }

    private static void decodable(RoutingContext call) {
        if (MALFORMED.matcher(call.request().uri()).find()) {
            answer(call, new Problem(400, "The address has a % that is no escape"));
        } else {
            call.next();
        }
    }

    private void keepFromOthers(RoutingContext call) {
        HttpServerRequest request = call.request();
        List<String> parts = parts(request.path());
        if (!parts.subList(0, Math.min(parts.size(), OPERATORS.size())).equals(OPERATORS)) {
            call.next();
            return;
        }
        request.pause();
        // The issuer's keys may have to be fetched.
        call.vertx()
                .executeBlocking(
                        () -> {
                            identity.admitOperator(request.getHeader(HttpHeaders.AUTHORIZATION));
                            return true;
                        },
                        false)
                // In one, so that whoever reads the body is there before it comes.
                .onComplete(told -> {
                    if (told.succeeded()) {
                        call.next();
                    } else {
                        call.fail(told.cause());
                    }
                    request.resume();
                });
    }

    /** Whose share it takes: the user's, or of those who need no token the address's. */
    private void admit(RoutingContext call) {
        Operation operation = call.get(OPERATION);
        if (operation == null || operation.open()) {
            admission.request(call, call.request().remoteAddress().hostAddress());
            return;
        }
        String authorization = call.request().getHeader(HttpHeaders.AUTHORIZATION);
        // The issuer's keys may have to be fetched.
        call.vertx()
                .executeBlocking(() -> identity.user(authorization), false)
                .onSuccess(user -> {
                    try {
                        admission.request(call, "user " + user);
                    } catch (Problem e) {
                        call.fail(e);
                    }
                })
                .onFailure(call::fail);
    }

    private void hold(RoutingContext call) {
        HttpServerRequest request = call.request();
        List<String> parts = parts(request.path());
        Place place = places.stream()
                .filter(it -> fits(it.parts(), parts))
                .findFirst()
                .orElse(null);
        if (place == null) {
            throw nothing();
        }
        Operation operation = place.calls().get(request.method().name());
        if (operation == null) {
            other(call, place.calls());
            return;
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = place.parts().get(i);
            if (part.startsWith("{")) {
                String name = part.substring(1, part.length() - 1);
                List<Fault> wrong = Objects.requireNonNull(operation.find("path", name), name)
                        .faults(TextNode.valueOf(parts.get(i)));
                if (!wrong.isEmpty() && name.equals("id")) {
                    // Nothing can be there, so nothing is.
                    throw nothing();
                }
                faults.addAll(wrong);
            }
        }
        if (!operation.open()) {
            signedIn(request);
        }
        if (!accepted(call)) {
            throw new Problem(406, "Answers are application/json");
        }
        faults.addAll(query(operation, call));
        faults.addAll(headers(operation, request));
        if (!faults.isEmpty()) {
            throw Problem.wrong(faults);
        }
        if (FORMS.contains(mediaType(request))) {
            // The next handler would take the form apart. One with something in it, now of no type, is refused after
            // it.
            request.headers().remove(HttpHeaders.CONTENT_TYPE);
        }
        call.put(OPERATION, operation);
        call.next();
    }

    private void holdBody(RoutingContext call) {
        Operation operation = call.get(OPERATION);
        Buffer body = call.body().buffer();
        if (operation == null || body == null || body.length() == 0) {
            call.next();
            return;
        }
        if (body.length() > MOST_BYTES) {
            // Where someone read it before us, with a limit of his own.
            throw tooLarge();
        }
        if (!(operation.body() == null ? Set.of("application/json") : operation.takes())
                .contains(mediaType(call.request()))) {
            throw unsupported(operation);
        }
        String text = text(body);
        if (operation.body() == null && !(Requests.parse(text) instanceof ObjectNode given && given.isEmpty())) {
            throw new Problem(400, "This call takes no body");
        }
        call.next();
    }

    /** A method that the path does not have. */
    private static void other(RoutingContext call, Map<String, Operation> calls) {
        HttpServerRequest request = call.request();
        if (request.method().equals(HttpMethod.HEAD) && calls.containsKey("GET")) {
            // The answer to a HEAD goes out without its body, whoever writes it.
            call.reroute(HttpMethod.GET, request.uri());
            return;
        }
        Set<String> methods = new TreeSet<>(calls.keySet());
        methods.add("OPTIONS");
        if (calls.containsKey("GET")) {
            methods.add("HEAD");
        }
        String allow = String.join(", ", methods);
        call.response().putHeader(HttpHeaders.ALLOW, allow);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            call.response().setStatusCode(204).end();
        } else {
            answer(call, new Problem(405, "Here one can " + allow));
        }
    }

    private static void signedIn(HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new Problem(401, "This call needs a token: Authorization: Bearer …");
        }
    }

    private static boolean accepted(RoutingContext call) {
        var accept = call.parsedHeaders().accept();
        return accept.isEmpty()
                || accept.stream()
                        .anyMatch(it -> it.weight() > 0
                                && ANSWERS.contains(
                                        (it.component() + "/" + it.subComponent()).toLowerCase(Locale.ROOT)));
    }

    private static List<Fault> query(Operation operation, RoutingContext call) {
        List<Fault> faults = new ArrayList<>();
        var query = call.queryParams();
        for (String name : query.names()) {
            Operation.Parameter parameter = operation.find("query", name);
            if (parameter == null) {
                faults.add(new Fault("/" + name, "there is no parameter " + name));
            } else {
                faults.addAll(faults(parameter, query.getAll(name)));
            }
        }
        operation.parameters().stream()
                .filter(parameter ->
                        parameter.required() && parameter.in().equals("query") && !query.contains(parameter.name()))
                .forEach(parameter -> faults.add(new Fault("/" + parameter.name(), parameter.name() + " is needed")));
        return faults;
    }

    private static List<Fault> headers(Operation operation, HttpServerRequest request) {
        return operation.parameters().stream()
                .filter(parameter -> parameter.in().equals("header"))
                .flatMap(parameter -> faults(parameter, request.headers().getAll(parameter.name())).stream())
                .toList();
    }

    private static List<Fault> faults(Operation.Parameter parameter, List<String> given) {
        return switch (given.size()) {
            case 0 -> List.of();
            case 1 -> parameter.faults(value(parameter.type(), given.get(0)));
            default ->
                List.of(new Fault(
                        "/" + parameter.name(), "must be given once; several values are separated by commas"));
        };
    }

    /** Text that is not of the type stays text: the schema says what is wrong with it. */
    private static JsonNode value(String type, String text) {
        return switch (type) {
            case "integer" ->
                NUMBER.matcher(text).matches() ? LongNode.valueOf(Long.parseLong(text)) : TextNode.valueOf(text);
            case "boolean" ->
                text.equals("true") || text.equals("false")
                        ? BooleanNode.valueOf(text.equals("true"))
                        : TextNode.valueOf(text);
            case "array" -> Json.tree(text.split(",", -1));
            default -> TextNode.valueOf(text);
        };
    }

    /** The parts of a path, decoded one by one: a %2F separates nothing. */
    private static List<String> parts(String path) {
        return Arrays.stream(path.substring(1).split("/", -1))
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), UTF_8))
                .toList();
    }

    private static boolean fits(List<String> described, List<String> parts) {
        return described.size() == parts.size()
                && IntStream.range(0, parts.size())
                        .allMatch(i -> described.get(i).startsWith("{")
                                ? !odd(parts.get(i))
                                : described.get(i).equals(parts.get(i)));
    }

    /** Parts that would be another path to whoever comes after: a user named .. would delete the list. */
    private static boolean odd(String part) {
        return part.isEmpty() || part.equals(".") || part.equals("..");
    }

    /** In lower case, without parameters; empty where none is given. */
    private static String mediaType(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static String text(Buffer body) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
        } catch (CharacterCodingException e) {
            throw new Problem(400, "The body is not UTF-8");
        }
    }

    private static Problem unsupported(Operation operation) {
        return new Problem(
                415,
                operation.body() == null
                        ? "This call takes no body"
                        : "The body must be "
                                + operation.takes().stream().sorted().collect(joining(" or ")));
    }

    private static Problem tooLarge() {
        return new Problem(413, "A body has 1 MB at most");
    }

    private static Problem nothing() {
        return new Problem(404, "There is nothing here");
    }

    private void failed(RoutingContext call) {
        Throwable failure = call.failure();
        if (call.response().headWritten() || failure instanceof HttpClosedException) {
            LOG.debugf(
                    failure,
                    "%s %s, with nobody left to answer",
                    call.request().method(),
                    call.request().path());
        } else if (failure instanceof Problem problem) {
            answer(call, problem);
        } else if (failure instanceof Unavailable) {
            answer(call, new Problem(503, failure.getMessage() + "; nothing was changed"));
        } else {
            switch (call.statusCode()) {
                case 400 -> answer(call, new Problem(400, "The address or the headers cannot be read"));
                case 413 -> {
                    answer(call, tooLarge());
                    call.vertx().setTimer(DRAIN_MILLIS, late -> {
                        if (!call.request().isEnded()) {
                            call.request().connection().close();
                        }
                    });
                }
                default -> {
                    LOG.errorf(
                            failure,
                            "%s %s: %d",
                            call.request().method(),
                            call.request().path(),
                            call.statusCode());
                    answer(call, new Problem(500, "It is logged; it may not have been done"));
                }
            }
        }
    }

    private static void answer(RoutingContext call, Problem problem) {
        if (problem.status() == 401) {
            call.response().putHeader("WWW-Authenticate", "Bearer");
        }
        if (problem.status() == 429 || problem.status() == 503) {
            call.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        call.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem.document().toString());
    }
}
