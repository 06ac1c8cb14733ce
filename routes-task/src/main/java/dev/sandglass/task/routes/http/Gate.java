package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Decodable;
import dev.sandglass.support.Labels;
import dev.sandglass.support.OpenPaths;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.routes.identity.Cursors;
import dev.sandglass.task.routes.identity.Identity;
import dev.sandglass.task.routes.identity.Tokens;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.impl.RoutingContextInternal;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Holds each request to what {@code openapi.yaml} describes against it before any route sees it, and answers what does not fit with a
 * problem document. What a route then gets has a known path and method, a user whose token is good, the headers and parameters of the
 * contract and no others, cursors that were made here, and a body, read whole, JSON in UTF-8, or none. What costs something comes after
 * what costs nothing: the address, the token, only then the memory for a body.
 */
@Singleton
public class Gate {
    private static final String API = "/api/*";
    private static final String FEEDS = "/feeds/*";
    /** The paths that the contract describes. */
    private static final List<String> DESCRIBED = List.of(API, FEEDS, McpDoor.MCP, McpDoor.METADATA);

    private static final String HOOKS = "/hooks/in/*";
    private static final String SCHEME = "Bearer ";
    private static final Set<String> JSON = Set.of("application/json");
    private static final String FILE = "application/octet-stream";
    /** Where operators' paths begin: others do not learn what there is, and what can be done there. */
    private static final List<String> OPERATORS = List.of("api", "ops");

    /** The headers of the contract, that of CalDAV, and those of HTTP itself and of CORS. What else a client sends means nothing, to anybody. */
    private static final Set<String> NAMES = Set.of(
            "authorization",
            "content-type",
            "content-length",
            "accept",
            "depth",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "mcp-protocol-version",
            "mcp-method",
            "mcp-name",
            "origin",
            "traceparent",
            "tracestate",
            "host",
            "connection",
            "transfer-encoding",
            "expect",
            "access-control-request-method",
            "access-control-request-headers");

    /** Parameters of paths: where one cannot be, nothing is there. */
    private static final Set<String> IDS = Set.of("id", "file");

    private static final String OPERATION = "sandglass.operation";
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9]\\d{0,17}");
    private static final Buffer BYTE_ORDER_MARK = Buffer.buffer("\ufeff");
    private static final String USUAL_ANSWER = "application/json";
    private static final Set<String> PROBLEMS = Set.of("*/*", "application/*", "application/problem+json");

    /** Path of the description, in its parts, to what can be called there. */
    private record PathItem(List<String> parts, Map<String, Operation> calls) {}

    private final List<PathItem> paths;
    private final Set<String> origins;
    private final Admission admission;
    private final Intake intake;
    private final Tokens tokens;
    private final Cursors cursors;

    /**
     * @param profile {@code local} opens what is only for trying out
     * @param origins of pages of others that may call the API, as {@code https://example.com}
     */
    Gate(
            Contract contract,
            Admission admission,
            Intake intake,
            Tokens tokens,
            Cursors cursors,
            @ConfigProperty(name = "sandglass.profile") Optional<String> profile,
            @ConfigProperty(name = "sandglass.task.allowed-origins") Optional<List<String>> origins) {
        this.admission = admission;
        this.intake = intake;
        this.tokens = tokens;
        this.cursors = cursors;
        this.origins = Set.copyOf(origins.orElse(List.of()));
        paths = contract.operations().stream()
                .filter(operation ->
                        operation.profile() == null || operation.profile().equals(profile.orElse(null)))
                // A name is before a parameter in its place: { is behind all letters.
                .collect(groupingBy(Operation::path, TreeMap::new, toList()))
                .entrySet()
                .stream()
                .map(path -> new PathItem(
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
                .allowedHeaders(Set.of(
                        "Authorization",
                        "Content-Type",
                        "If-Match",
                        "Idempotency-Key",
                        "MCP-Protocol-Version",
                        "Mcp-Method",
                        "Mcp-Name"))
                .exposedHeaders(Set.of("ETag", "Location", "Retry-After", "WWW-Authenticate"));
        RouteOrder.COURSE.on(router).failureHandler(Course::failed);
        RouteOrder.ADDRESS.on(router).failureHandler(Problems::failed).handler(call -> {
            Decodable.require(call.request());
            call.next();
        });
        List.of(API, McpDoor.MCP, McpDoor.METADATA)
                .forEach(path -> RouteOrder.CORS.on(router, path).handler(call -> {
                    String origin = call.request().getHeader(HttpHeaders.ORIGIN);
                    if (origin != null && origins.contains(origin)) {
                        cors.handle(call);
                    } else {
                        // No header of CORS: the browser of a foreign page keeps the answer from it.
                        call.next();
                    }
                }));
        DESCRIBED.forEach(path -> pass(router, path, this::hold, this::holdBody));
        RouteOrder.CALL.on(router, HOOKS).handler(call -> {
            if (!call.request().method().equals(HttpMethod.POST)) {
                throw Problems.notAllowed(call.response(), Set.of("POST"));
            }
            String path = call.normalizedPath();
            if (router.getRoutes().stream().noneMatch(route -> path.equals(route.getPath()))) {
                throw Problems.nothing();
            }
            call.next();
        });
        share(router, HOOKS);
    }

    /** Has each call of a path held against its description. */
    void pass(Router router, String path, Handler<RoutingContext> hold, Consumer<RoutingContext> holdBody) {
        RouteOrder.HEADERS.on(router, path).handler(Gate::strip);
        RouteOrder.CALL.on(router, path).handler(hold);
        share(router, path);
        RouteOrder.BODY.on(router, path).handler(call -> {
            if (call.body().length() > 0) {
                holdBody.accept(call);
            } else {
                call.request().headers().remove(HttpHeaders.CONTENT_TYPE);
            }
            call.next();
        });
        RouteOrder.NO_ROUTE.on(router, path).handler(call -> call.fail(Problems.nothing()));
    }

    private void share(Router router, String path) {
        RouteOrder.INTAKE.on(router, path).handler(call -> intake.read(call, caller(call), largest(call)));
        RouteOrder.ADMISSION.on(router, path).handler(call -> admission.request(call, caller(call)));
    }

    private static void strip(RoutingContext call) {
        OpenPaths.guard(call);
        Labels.as(call.request(), "none");
        MultiMap headers = call.request().headers();
        Set.copyOf(headers.names()).stream()
                .filter(name -> !NAMES.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(headers::remove);
        call.next();
    }

    /** Names whose share a call takes: the user's, or of those who need no token the address's. */
    static String caller(RoutingContext call) {
        return call.user() == null ? Wire.from(call.request().remoteAddress()) : "user " + Identity.name(call.user());
    }

    private void hold(RoutingContext call) {
        HttpServerRequest request = call.request();
        List<String> parts = parts(request.path());
        boolean operators =
                parts.subList(0, Math.min(parts.size(), OPERATORS.size())).equals(OPERATORS);
        Operation operation = operators ? null : operation(call, parts);
        if (operation != null && operation.open()) {
            holdParameters(call, operation, parts);
            call.next();
            return;
        }
        if (operation == null && !operators) {
            return;
        }
        verify(call, tokens, bearer(request), UnaryOperator.identity(), who -> {
            call.setUser(Identity.user(who));
            if (operators) {
                Identity.operator(who.roles());
            }
            Operation called = operation == null ? operation(call, parts) : operation;
            if (called != null) {
                called.refuseUnlessFor(who.grant());
                holdParameters(call, called, parts);
                call.next();
            }
        });
    }

    /** Goes on with who bears a token, or fails the call. */
    static void verify(
            RoutingContext call,
            Tokens tokens,
            String token,
            UnaryOperator<Throwable> refusal,
            Consumer<Tokens.Bearer> letIn) {
        HttpServerRequest request = call.request();
        // The body waits until somebody reads it.
        request.pause();
        Promise<Tokens.Bearer> known = ((ContextInternal) ((HttpServerRequestInternal) request).context()).promise();
        tokens.verify(token, Wire.from(request.remoteAddress())).onComplete(known);
        known.future()
                .onSuccess(who -> {
                    try {
                        letIn.accept(who);
                    } catch (RuntimeException e) {
                        call.fail(e);
                    }
                    request.resume();
                })
                .onFailure(refused -> {
                    request.resume();
                    call.fail(refusal.apply(refused));
                });
    }

    /** Finds what is called; null where that was answered already, since it is no call of a route. */
    private @Nullable Operation operation(RoutingContext call, List<String> parts) {
        PathItem item =
                paths.stream().filter(it -> fits(it.parts(), parts)).findFirst().orElseThrow(Problems::nothing);
        Operation operation = item.calls().get(call.request().method().name());
        if (operation == null) {
            other(call, item.calls());
            return null;
        }
        Labels.as(call.request(), operation.path());
        return operation;
    }

    private void holdParameters(RoutingContext call, Operation operation, List<String> parts) {
        List<Fault> faults = new ArrayList<>(path(operation, parts));
        String gives = operation.gives().stream().findFirst().orElse(USUAL_ANSWER);
        if (!accepted(call, gives)) {
            throw new Problem(406, "Answers are " + gives);
        }
        faults.addAll(query(operation, call));
        refuseNoTags(operation, call.request());
        faults.addAll(headers(operation, call.request()));
        if (!faults.isEmpty()) {
            throw Rejection.wrong(faults);
        }
        call.put(OPERATION, operation);
    }

    private static List<Fault> path(Operation operation, List<String> parts) {
        List<String> described = parts(operation.path());
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = described.get(i);
            if (part.startsWith("{")) {
                String name = part.substring(1, part.length() - 1);
                List<Fault> wrong = Objects.requireNonNull(operation.find("path", name), name)
                        .faults(TextNode.valueOf(parts.get(i)));
                if (!wrong.isEmpty() && IDS.contains(name)) {
                    throw Problems.nothing();
                }
                faults.addAll(wrong);
            }
        }
        return faults;
    }

    private static int largest(RoutingContext call) {
        Operation operation = call.get(OPERATION);
        return operation == null ? Intake.MOST : operation.largest();
    }

    private void holdBody(RoutingContext call) {
        Operation operation = call.get(OPERATION);
        MultiMap headers = call.request().headers();
        Buffer body = call.body().buffer();
        Set<String> takes = operation.body() == null ? JSON : operation.takes();
        MediaType type = MediaType.parse(String.join(",", headers.getAll(HttpHeaders.CONTENT_TYPE)));
        if (!takes.contains(type.name())) {
            throw unsupported(operation);
        }
        if (!type.utf8() || !operation.file() && isWide(body)) {
            throw new Problem(415, "JSON is UTF-8 here, without another charset");
        }
        if (operation.file()) {
            headers.set(HttpHeaders.CONTENT_TYPE, FILE);
            return;
        }
        if (body.length() >= BYTE_ORDER_MARK.length()
                && body.slice(0, BYTE_ORDER_MARK.length()).equals(BYTE_ORDER_MARK)) {
            body = body.slice(BYTE_ORDER_MARK.length(), body.length());
            ((RoutingContextInternal) call).setBody(body);
        }
        String text = text(body);
        if (operation.body() == null && !(Requests.parse(text) instanceof ObjectNode given && given.isEmpty())) {
            throw new Problem(400, "This call takes no body");
        }
        // Camel would take the charset for what it reads and writes later on.
        headers.set(HttpHeaders.CONTENT_TYPE, "application/json");
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
        Problem problem = Problems.notAllowed(call.response(), methods);
        if (!request.method().equals(HttpMethod.OPTIONS)) {
            throw problem;
        }
        call.response().setStatusCode(204).end();
    }

    /** @throws Problem 401 where there is none */
    private static String bearer(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (given.size() != 1 || !given.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new Problem(401, "This call needs a token: Authorization: Bearer …");
        }
        return given.get(0).substring(SCHEME.length()).strip();
    }

    private static boolean accepted(RoutingContext call, String gives) {
        var accept = call.parsedHeaders().accept();
        Set<String> fits = Set.of(gives, gives.replaceFirst("/.*", "/*"));
        return accept.isEmpty()
                || accept.stream()
                        .filter(it -> it.weight() > 0)
                        .map(it -> (it.component() + "/" + it.subComponent()).toLowerCase(Locale.ROOT))
                        .anyMatch(it -> fits.contains(it) || PROBLEMS.contains(it));
    }

    private List<Fault> query(Operation operation, RoutingContext call) {
        List<Fault> faults = new ArrayList<>();
        // The framework's own reading takes a ; for a separator.
        MultiMap query = call.queryParams().clear();
        String raw = call.request().query();
        if (raw != null) {
            Identity.parameters(raw).forEach(query::add);
        }
        for (String name : query.names()) {
            Operation.Parameter parameter = operation.find("query", name);
            if (parameter == null) {
                faults.add(new Fault("/" + name, "there is no parameter " + name));
            } else {
                faults.addAll(faults(parameter, query.getAll(name)));
                if (faults.isEmpty()
                        && name.equals("cursor")
                        && !cursors.fits(operation.id(), Identity.name(call.user()), query.get(name))) {
                    faults.add(new Fault("/cursor", Rejection.WRONG_CURSOR));
                }
            }
        }
        operation.parameters().stream()
                .filter(parameter ->
                        parameter.required() && parameter.in().equals("query") && !query.contains(parameter.name()))
                .forEach(parameter -> faults.add(new Fault("/" + parameter.name(), parameter.name() + " is needed")));
        return faults;
    }

    /** An empty list of tags (RFC 9110 section 13.1.1) fits nothing; whoever sends one has lost the tag that was meant. */
    private static void refuseNoTags(Operation operation, HttpServerRequest request) {
        if (operation.find("header", "If-Match") != null
                && request.headers().getAll(HttpHeaders.IF_MATCH).stream()
                        .anyMatch(tags -> tags.replace(',', ' ').isBlank())) {
            throw new Problem(400, "If-Match names no tag; send the ETag of the task, or leave it out");
        }
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

    /** Tells if it is UTF-16 or UTF-32: JSON begins with two characters of ASCII, or with a byte order mark. */
    private static boolean isWide(Buffer body) {
        if (body.length() < 4) {
            return false;
        }
        int first = body.getUnsignedShort(0);
        return first == 0xfeff || first == 0xfffe || IntStream.range(0, 4).anyMatch(i -> body.getByte(i) == 0);
    }

    static String text(Buffer body) {
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
}
