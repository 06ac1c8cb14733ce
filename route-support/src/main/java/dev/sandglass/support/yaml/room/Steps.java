package dev.sandglass.support.yaml.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RemoveHeaderDefinition;
import org.apache.camel.model.RemoveHeadersDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TransformDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.ValidateDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ConstantExpression;

/** The steps that routes of a file may have, as Camel understood them. */
final class Steps {
    private static final Set<Class<?>> STEPS = Set.of(
            ChoiceDefinition.class,
            DelayDefinition.class,
            FilterDefinition.class,
            LogDefinition.class,
            LoopDefinition.class,
            MarshalDefinition.class,
            MulticastDefinition.class,
            OtherwiseDefinition.class,
            RemoveHeaderDefinition.class,
            RemoveHeadersDefinition.class,
            RemovePropertyDefinition.class,
            SetBodyDefinition.class,
            SetHeaderDefinition.class,
            SetHeadersDefinition.class,
            SetPropertyDefinition.class,
            SetVariableDefinition.class,
            SplitDefinition.class,
            StopDefinition.class,
            ToDefinition.class,
            TransformDefinition.class,
            UnmarshalDefinition.class,
            ValidateDefinition.class,
            WhenDefinition.class);
    /** The permitted endpoints; Kamelets have more. */
    private static final Pattern ENDPOINT = Pattern.compile("(?:direct|kamelet|log|timer):.*", Pattern.DOTALL);

    private Steps() {}

    /** @throws IllegalArgumentException with what is too much */
    static void check(RouteBuilder made) {
        none("rest", made.getRestCollection().getRests());
        none("routeTemplate", made.getRouteTemplateCollection().getRouteTemplates());
        none("templatedRoute", made.getTemplatedRouteCollection().getTemplatedRoutes());
        var all = made.getRouteCollection();
        none("onException", all.getOnExceptions());
        none("onCompletion", all.getOnCompletions());
        none("intercept", all.getIntercepts());
        none("interceptFrom", all.getInterceptFroms());
        none("interceptSendToEndpoint", all.getInterceptSendTos());
        all.getRoutes().forEach(Steps::check);
    }

    private static void none(String name, Collection<?> all) {
        if (!all.isEmpty()) {
            throw new IllegalArgumentException("there is no " + name + " here");
        }
    }

    private static void check(RouteDefinition route) {
        endpoint(route.getInput().getEndpointUri());
        List<ProcessorDefinition> steps = List.copyOf(
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class));
        for (ProcessorDefinition<?> step : steps) {
            if (!STEPS.contains(step.getClass())) {
                throw new IllegalArgumentException("the step " + step.getShortName() + " may not be used here");
            }
            if (step instanceof ToDefinition to) {
                endpoint(to.getEndpointUri());
            }
            if (step instanceof SetHeaderDefinition header) {
                Names.check("header", header.getName());
            }
            if (step instanceof SetHeadersDefinition headers) {
                headers.getHeaders().forEach(header -> Names.check("header", header.getName()));
            }
            if (step instanceof SetPropertyDefinition property) {
                Names.check("exchange property", property.getName());
            }
            if (step instanceof RemovePropertyDefinition property) {
                // Its time stands in one, and would begin anew.
                Names.check("exchange property", property.getName());
            }
            if (step instanceof SetVariableDefinition variable) {
                Names.check("variable", variable.getName());
            }
            if (step instanceof LoopDefinition loop && loop.getDoWhile() != null) {
                throw new IllegalArgumentException("a loop has a number of turns here");
            }
            if (step instanceof LoopDefinition || step instanceof DelayDefinition) {
                bounded((ExpressionNode) step);
            }
        }
    }

    private static void endpoint(String uri) {
        // With this it names a bean, or makes one.
        boolean bean = URLDecoder.decode(uri, UTF_8).contains("#");
        if (bean || !ENDPOINT.matcher(uri).matches()) {
            throw new IllegalArgumentException("no endpoint that may be used here: " + uri.split(":")[0]);
        }
    }

    private static void bounded(ExpressionNode step) {
        if (!(step.getExpression() instanceof ConstantExpression constant)
                || !constant.getExpression().matches(Names.LIMITED)) {
            throw new IllegalArgumentException(step.getShortName() + " takes a constant of at most 30000 here");
        }
    }
}
