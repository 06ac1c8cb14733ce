package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.kamelets.GrantedCalls;
import dev.sandglass.support.kamelets.Messages;
import dev.sandglass.support.kamelets.Webhooks;
import dev.sandglass.support.kamelets.YamlState;
import dev.sandglass.support.yaml.room.Deadline;
import dev.sandglass.support.yaml.room.VocabularyComponent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.SimpleRegistry;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * One file of routes, with the real Kamelets on a sidecar that does nothing: what its routes would make of a message. A route from a
 * timer, a webhook or a binding is handed the message as if that had brought it.
 */
final class Trial implements AutoCloseable {
    /**
     * The outcome of a message.
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

    private final List<TrialDapr.Call> calls = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final Loaded loaded;

    /**
     * @param answers of other services, in the order they are asked
     * @throws IllegalArgumentException when the file cannot be taken, with what is wrong
     */
    Trial(Terms terms, Path file, List<JsonNode> answers) throws IOException {
        TrialDapr dapr = new TrialDapr(answers, calls);
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("daprCalls", new GrantedCalls(new DaprCalls(dapr), terms.granted()));
        beans.bind("webhooks", new Webhooks(dapr, terms.granted(), terms.offer().service()));
        beans.bind("yamlState", new YamlState(dapr));
        beans.bind("messages", new Messages());
        Loaded.Ground ground = new Loaded.Ground(
                beans, () -> new VocabularyComponent(terms.kamelets().defaults()), Loaded.Use.TRIED, this::told);
        Folder folder = Folder.of(file);
        Check.Result result = new Check(terms, ground).check(folder.texts(), Map.of());
        List<Refusal> refusals = new ArrayList<>(folder.wrong());
        refusals.addAll(result.refusals());
        if (!refusals.isEmpty()) {
            result.loaded().values().forEach(Loaded::stop);
            throw new IllegalArgumentException(refusals.get(0).toString());
        }
        loaded = Objects.requireNonNull(result.loaded().get(file.getFileName().toString()));
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
            if (!tried.wanted().selects(message)) {
                return new Outcome(List.of("the route does not want this event"), List.of(), body, null);
            }
            body = message.path("data").toString();
            all.putAll(DaprEvents.headers(message));
        }
        String entrance = Objects.requireNonNull(tried.entrance());
        String text = body;
        Exchange sent = loaded.room
                .createProducerTemplate()
                .send("direct:" + entrance, ExchangePattern.InOut, exchange -> {
                    exchange.getMessage().setBody(text);
                    exchange.getMessage().setHeaders(all);
                    Deadline.set(exchange, Deadline.POSTED);
                });
        return new Outcome(List.copyOf(steps), calls, shown(sent), sent.getException());
    }

    private YamlRoute route(@Nullable String id) {
        List<YamlRoute> routes = loaded.routes;
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
                int before = calls.size();
                int at = steps.size();
                return super.process(exchange, sync -> {
                    List<String> told = new ArrayList<>();
                    told.add(line(step) + label(step) + " -> " + shown(exchange));
                    // Calls made by steps within a step stand below those.
                    if (steps.size() == at) {
                        calls.subList(before, calls.size()).forEach(call -> told.add("      " + would(call)));
                    }
                    steps.addAll(at, told);
                    done.done(sync);
                });
            }
        };
    }

    private String label(NamedNode step) {
        return loaded.room.cells().shown(step.getLabel());
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
}
