package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.steps.Messages;
import dev.sandglass.support.steps.Webhooks;
import dev.sandglass.support.steps.YamlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.NamedNode;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * One file of routes, with the real Kamelets on a sidecar that does nothing: what its routes would make of a message. A route from a
 * timer, a webhook or a binding is handed the message as if that had brought it.
 */
final class Trial implements AutoCloseable {
    /** Under which a source of something else than events is fed. */
    private static final String FED = "trial";

    private static final String EVENTS = "dapr-event-source";

    /**
     * What became of a message.
     *
     * @param steps each step it went through, and the body behind it
     * @param calls what would have been done
     * @param body what is left of it at the end, JSON where it is that
     * @param failure what the route failed with; null where it did not
     */
    record Outcome(
            List<String> steps,
            List<TrialDapr.Call> calls,
            String body,
            @Nullable Exception failure) {}

    private final TrialDapr dapr;
    private final List<String> steps = new ArrayList<>();
    private final List<String> sources;
    private final Path kamelets;
    private final Loaded loaded;
    private @Nullable CamelContext context;

    /**
     * @param dslYaml with {@code kamelets/}
     * @param answers of other services, in the order they are asked
     * @throws IllegalArgumentException when the file cannot be taken, with what is wrong
     */
    Trial(Path dslYaml, String service, Path file, List<JsonNode> answers, Function<String, @Nullable String> settings)
            throws IOException {
        this.kamelets = dslYaml.resolve("kamelets");
        this.dapr = new TrialDapr(answers);
        this.sources = sources(kamelets);
        DefaultRegistry beans = new DefaultRegistry();
        beans.bind("daprCalls", new DaprCalls(dapr));
        beans.bind("webhooks", new Webhooks(dapr));
        beans.bind("yamlState", new YamlState(dapr));
        beans.bind("messages", new Messages());
        Loaded.Ground ground = new Loaded.Ground(beans, this::component, Check.source(settings));
        String name = file.getFileName().toString();
        Check.Result result = new Check(Offer.of(service), kamelets, settings, ground)
                .check(new TreeMap<>(Map.of(name, Files.readString(file))), Map.of());
        if (!result.refusals().isEmpty()) {
            throw new IllegalArgumentException(result.refusals().get(0).toString());
        }
        loaded = Objects.requireNonNull(result.loaded().get(name));
    }

    /**
     * Sends a message through a route.
     *
     * @param route its id; null where the file has one
     * @param message for a route on events a CloudEvent; otherwise the body
     * @param headers what else the source gives, as {@code delivery}
     */
    Outcome send(@Nullable String route, JsonNode message, Map<String, Object> headers) {
        YamlRoute tried = route(route);
        String body = message.toString();
        Map<String, Object> all = new HashMap<>(headers);
        if (tried.wanted() != null) {
            if (!tried.wanted().by(message)) {
                return new Outcome(List.of("the route does not want this event"), List.of(), body, null);
            }
            body = message.path("data").toString();
            all.putAll(DaprEvents.headers(message));
        }
        String entrance = Objects.requireNonNullElse(Loaded.entrance(tried), FED);
        String text = body;
        CamelContext camel = Objects.requireNonNull(context);
        Exchange sent = camel.createProducerTemplate().send("direct:" + entrance, ExchangePattern.InOut, exchange -> {
            exchange.getMessage().setBody(text);
            exchange.getMessage().setHeaders(all);
        });
        return new Outcome(List.copyOf(steps), dapr.calls(), shown(sent), sent.getException());
    }

    private YamlRoute route(@Nullable String id) {
        List<YamlRoute> routes = loaded.routes();
        if (id == null && routes.size() == 1) {
            return routes.get(0);
        }
        return routes.stream()
                .filter(route -> route.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        (id == null ? "say which route" : "there is no route " + id) + "; there are "
                                + routes.stream().map(YamlRoute::id).toList()));
    }

    @Override
    public void close() {
        loaded.stop();
    }

    /** Before it has routes, a context has its components: this one has every step of the file's routes told. */
    private Component component() {
        KameletComponent component = new KameletComponent() {
            @Override
            public void setCamelContext(CamelContext camel) {
                super.setCamelContext(camel);
                context = camel;
                camel.getCamelContextExtension().addInterceptStrategy(Trial.this::told);
                try {
                    camel.addRoutes(new Sources());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        component.setLocation("file:" + kamelets);
        component.setNoErrorHandler(true);
        return component;
    }

    /** Sources that wait to be fed instead of listening or ringing. */
    private final class Sources extends RouteBuilder {
        @Override
        public void configure() {
            for (String source : sources) {
                routeTemplate(source).from("direct:" + FED).to("kamelet:sink");
            }
        }
    }

    private org.apache.camel.Processor told(
            CamelContext camel, NamedNode step, org.apache.camel.Processor target, org.apache.camel.Processor next) {
        RouteDefinition route = step instanceof ProcessorDefinition<?> definition
                ? ProcessorDefinitionHelper.getRoute(definition)
                : null;
        if (route == null || Boolean.TRUE.equals(route.isTemplate())) {
            return target;
        }
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, org.apache.camel.AsyncCallback done) {
                int before = dapr.calls().size();
                int at = steps.size();
                return super.process(exchange, sync -> {
                    List<String> told = new ArrayList<>();
                    told.add(line(step) + step.getLabel() + " -> " + shown(exchange));
                    // Of a step with steps of its own, what those did stands below it.
                    if (steps.size() == at) {
                        dapr.calls()
                                .subList(before, dapr.calls().size())
                                .forEach(call -> told.add("      " + would(call)));
                    }
                    steps.addAll(at, told);
                    done.done(sync);
                });
            }
        };
    }

    private static String line(NamedNode step) {
        return step.getLineNumber() < 0 ? "" : "line " + step.getLineNumber() + ": ";
    }

    static String would(TrialDapr.Call call) {
        return "would " + call.kind() + " " + call.target()
                + (call.with().isEmpty() ? "" : " " + new TreeMap<>(call.with()))
                + (call.body() == null || call.body().isEmpty() ? "" : ": " + call.body());
    }

    private static String shown(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            return "";
        }
        return body instanceof JsonNode || body instanceof Map || body instanceof List
                ? Json.text(body)
                : Objects.requireNonNullElse(exchange.getMessage().getBody(String.class), "");
    }

    private static List<String> sources(Path kamelets) throws IOException {
        try (Stream<Path> files = Files.list(kamelets)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("-source.kamelet.yaml") && !name.startsWith(EVENTS))
                    .map(name -> name.substring(0, name.length() - ".kamelet.yaml".length()))
                    .toList();
        }
    }
}
