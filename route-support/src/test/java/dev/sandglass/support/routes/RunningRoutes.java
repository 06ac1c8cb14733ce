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
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.jspecify.annotations.Nullable;

/**
 * After a test of a whole service, {@code target/routes.json} says which routes ran in it, where each begins and where it sends to.
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
        return Json.object()
                .put("from", camel.resolvePropertyPlaceholders(route.getInput().getEndpointUri()))
                .set(
                        "to",
                        Json.tree(filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class).stream()
                                .map(RunningRoutes::receiver)
                                .filter(Objects::nonNull)
                                .map(camel::resolvePropertyPlaceholders)
                                .flatMap(uri -> known(camel, uri))
                                .distinct()
                                .toList()));
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
                ? "integrators:" + bean.getMethod().replaceAll(".*'(.*)'.*", "$1")
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
