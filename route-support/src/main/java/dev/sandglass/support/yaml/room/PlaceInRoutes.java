package dev.sandglass.support.yaml.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Where in its routes a message is: the steps {@code to} that it is within, and the parts and turns of each {@code split} and
 * {@code loop}. It outlasts a restart, another name of the file, and a change of other steps.
 */
public final class PlaceInRoutes implements InterceptStrategy {
    private static final String OF = "room.place";

    PlaceInRoutes() {}

    /** The place of the step that the message is in; empty in a route of no file. */
    public static String of(Exchange exchange) {
        return exchange.getProperty(OF, "", String.class);
    }

    @Override
    public Processor wrapProcessorInInterceptors(CamelContext camel, NamedNode step, Processor target, Processor next) {
        if (!(step instanceof ToDefinition || step instanceof SplitDefinition || step instanceof LoopDefinition)) {
            return target;
        }
        String name = step instanceof ToDefinition to ? name(to) : "";
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback done) {
                String outer = of(exchange);
                Object turn = exchange.getProperty(Exchange.LOOP_INDEX);
                String part = exchange.getProperty(Exchange.SPLIT_INDEX, "", String.class);
                String here = String.join("\n", outer, part, String.valueOf(turn), name);
                // However deep it is, it takes no more room.
                exchange.setProperty(
                        OF, UUID.nameUUIDFromBytes(here.getBytes(UTF_8)).toString());
                return super.process(exchange, sync -> {
                    exchange.setProperty(OF, outer);
                    if (step instanceof LoopDefinition) {
                        // A loop within another leaves its own last turn behind.
                        exchange.setProperty(Exchange.LOOP_INDEX, turn);
                    }
                    done.done(sync);
                });
            }
        };
    }

    /** Route, endpoint, and which of the route's steps to that endpoint it is. A Kamelet's route has another id each time. */
    private static String name(ToDefinition step) {
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        if (route == null) {
            return endpoint(step);
        }
        List<ToDefinition> alike =
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream()
                        .filter(other -> endpoint(other).equals(endpoint(step)))
                        .toList();
        String id = Boolean.TRUE.equals(route.isTemplate()) ? "" : route.getId();
        return id + " " + endpoint(step) + " " + alike.indexOf(step);
    }

    private static String endpoint(ToDefinition step) {
        return step.getEndpointUri().split("\\?", 2)[0];
    }
}
