package dev.sandglass.support.routes;

import static org.apache.camel.model.ProcessorDefinitionHelper.filterTypeInOutputs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.callback.QuarkusTestAfterAllCallback;
import io.quarkus.test.junit.callback.QuarkusTestContext;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.MethodCallExpression;
import org.jspecify.annotations.Nullable;

/**
 * After a test of a whole service, {@code target/routes.json} says which routes ran in it, where each begins, where it sends to and which
 * methods of beans it calls.
 * The module {@code local} draws {@code docs/map.md} from it.
 */
public final class RunningRoutes implements QuarkusTestAfterAllCallback {
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{exchangeProperty\\.(\\w+)}");

    @Override
    public void afterAll(QuarkusTestContext test) {
        var camel = (ModelCamelContext) CDI.current().select(CamelContext.class).get();
        Map<String, ObjectNode> routes = new TreeMap<>();
        camel.getRouteDefinitions().stream()
                .filter(route -> !route.isCreatedFromTemplate())
                .forEach(
                        route -> routes.put(camel.resolvePropertyPlaceholders(route.getRouteId()), said(camel, route)));
        try {
            Files.writeString(Path.of("target/routes.json"), Json.tree(routes).toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode said(ModelCamelContext camel, RouteDefinition route) {
        String from = camel.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
        List<ProcessorDefinition> steps = steps(route);
        ObjectNode said = Json.object().put("from", from);
        said.set(
                "to",
                Json.tree(Stream.concat(
                                steps.stream()
                                        .map(RunningRoutes::receiver)
                                        .filter(Objects::nonNull)
                                        .map(camel::resolvePropertyPlaceholders)
                                        .flatMap(uri -> known(camel, uri)),
                                linksOfKamelet(camel, from))
                        .distinct()
                        .toList()));
        said.set(
                "calls",
                Json.tree(steps.stream()
                        .flatMap(step -> called(camel, step).stream())
                        .distinct()
                        .toList()));
        return said;
    }

    private static List<ProcessorDefinition> steps(RouteDefinition route) {
        return List.copyOf(filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class));
    }

    /** The Kamelet that a route begins with may send on, as to the dead letters. */
    private static Stream<String> linksOfKamelet(ModelCamelContext camel, String from) {
        return from.startsWith("kamelet:")
                ? steps(camel.getRouteTemplateDefinition(from.replaceAll("kamelet:/*([^?]*).*", "$1"))
                                .getRoute())
                        .stream()
                        .map(RunningRoutes::receiver)
                        .filter(uri -> uri != null && uri.startsWith("direct:"))
                : Stream.empty();
    }

    /** The class and the method that a step calls, as a step of its own or for a value. */
    private static Optional<String> called(ModelCamelContext camel, ProcessorDefinition<?> step) {
        if (step instanceof BeanDefinition bean) {
            return called(camel, bean.getRef(), bean.getBeanType(), bean.getMethod());
        }
        return step instanceof ExpressionNode node && node.getExpression() instanceof MethodCallExpression call
                ? called(camel, call.getRef(), call.getBeanTypeName(), call.getMethod())
                : Optional.empty();
    }

    private static Optional<String> called(
            ModelCamelContext camel, @Nullable String ref, @Nullable String type, @Nullable String method) {
        Object bean = ref == null ? null : camel.getRegistry().lookupByName(ref);
        String owner = bean == null ? type : bean.getClass().getName();
        return Optional.ofNullable(owner)
                .map(name -> name.replaceAll("_(ClientProxy|Subclass)$", "") + "." + method.replaceAll("\\(.*", ""));
    }

    private static @Nullable String receiver(ProcessorDefinition<?> step) {
        if (step instanceof SendDefinition<?> send) {
            return send.getEndpointUri();
        }
        if (step instanceof ToDynamicDefinition send) {
            return send.getUri();
        }
        // The integrators' routes run in contexts of their own.
        return step instanceof BeanDefinition bean && "handOver".equals(bean.getRef())
                ? "integrators:"
                        + (bean.getMethod().contains("'") ? bean.getMethod().split("'")[1] : "routes-on-events")
                : null;
    }

    /** Each address that a property with a constant in it makes of this one. */
    private static Stream<String> known(ModelCamelContext camel, String uri) {
        Matcher property = PROPERTY.matcher(uri);
        if (!property.find()) {
            return Stream.of(uri);
        }
        List<String> values = camel.getRouteDefinitions().stream()
                .filter(route -> !route.isCreatedFromTemplate())
                .flatMap(route -> filterTypeInOutputs(route.getOutputs(), SetPropertyDefinition.class).stream())
                .filter(set ->
                        set.getName().equals(property.group(1)) && set.getExpression() instanceof ConstantExpression)
                .map(set -> set.getExpression().getExpression())
                .toList();
        return values.isEmpty() ? Stream.of(uri) : values.stream().map(value -> property.replaceFirst(value));
    }
}
