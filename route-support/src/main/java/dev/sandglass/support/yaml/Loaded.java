package dev.sandglass.support.yaml;

import dev.sandglass.support.Bodies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one file, in a CamelContext of their own: what they do touches no other route, and they go all at once. An old one
 * ends when what entered it has left.
 */
final class Loaded {
    /** Seconds; an exchange has 30 by its own limit. */
    private static final int LEAVING = 40;

    private static final String SOURCE = "kamelet:dapr-event-source";

    private final DefaultCamelContext context;
    private final ProducerTemplate template;
    private final String text;
    private final List<YamlRoute> routes;
    private int inside;
    private boolean closed;

    /** What the routes of a file stand on: the service's beans, what its Kamelets are, the settings. */
    record Ground(BeanRepository beans, KameletsComponent kamelets, PropertiesSource settings) {}

    /** Makes the component {@code kamelet}, one for each context. */
    @FunctionalInterface
    interface KameletsComponent {
        Component make();
    }

    /** @throws Exception when Camel cannot make routes of it; nothing is left of them then */
    Loaded(String file, String text, List<YamlRoute> routes, Ground ground) throws Exception {
        this.text = text;
        this.routes = routes;
        context = new DefaultCamelContext(new DefaultRegistry(ground.beans));
        context.getCamelContextExtension().setName(file);
        context.setStartupSummaryLevel(StartupSummaryLevel.Off);
        context.getShutdownStrategy().setTimeout(1);
        context.addComponent("kamelet", ground.kamelets.make());
        context.getPropertiesComponent().addPropertiesSource(ground.settings);
        template = context.createProducerTemplate();
        try {
            Resource resource = ResourceHelper.fromString(file, text);
            for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource)) {
                RouteBuilder made = (RouteBuilder) builder;
                made.setCamelContext(context);
                made.configure();
                for (RouteDefinition route : made.getRouteCollection().getRoutes()) {
                    context.addRouteDefinition(fed(route));
                }
            }
            context.start();
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    /** Each source of events is fed under the id of its route; a failure is for whoever handed over. */
    private static RouteDefinition fed(RouteDefinition route) {
        FromDefinition from = route.getInput();
        if (from.getEndpointUri().startsWith(SOURCE)) {
            from.setUri(from.getEndpointUri().replace(SOURCE, SOURCE + "/" + waiting(route.getRouteId())));
        }
        route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
        return route;
    }

    /** The {@code direct:} name under which the events of a route come in. */
    static String waiting(String route) {
        return "waiting-" + route;
    }

    String text() {
        return text;
    }

    List<YamlRoute> routes() {
        return routes;
    }

    /** @return false when it is closed; otherwise {@link #leave} must follow */
    synchronized boolean enter() {
        if (!closed) {
            inside++;
        }
        return !closed;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /**
     * Sends a message through a route. To be called between {@link #enter} and {@link #leave}.
     *
     * @param direct the name of its {@code from: direct:<name>}
     * @return what it made of the body, as text
     * @throws Exception what the route failed with
     */
    String send(String direct, String body, Map<String, Object> headers) throws Exception {
        Exchange sent = template.send("direct:" + direct, ExchangePattern.InOut, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
        if (sent.getException() != null) {
            throw sent.getException();
        }
        return Bodies.text(sent);
    }

    /** Takes in nobody more, waits for those inside, ends. */
    void close() {
        synchronized (this) {
            closed = true;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEAVING);
            while (inside > 0 && System.nanoTime() < end) {
                try {
                    wait(TimeUnit.SECONDS.toMillis(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        context.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(Loaded::fromOutside)
                .forEach(Consumer::stop);
        context.getShutdownStrategy().setTimeout(LEAVING);
        stop();
    }

    /** Of HTTP and timers; others feed those inside. */
    private static boolean fromOutside(Consumer consumer) {
        String uri = consumer.getEndpoint().getEndpointUri();
        return !uri.startsWith("kamelet") && !uri.startsWith("direct");
    }

    /** Ends, whoever is inside. */
    void stop() {
        context.stop();
    }

    static @Nullable String entrance(YamlRoute route) {
        return route.wanted() == null ? route.direct() : waiting(route.id());
    }
}
