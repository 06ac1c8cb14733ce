package dev.sandglass.task.routes;

import dev.sandglass.task.routes.http.Contract;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;

/**
 * The API: each operation of {@code openapi.yaml} goes to the route that begins with {@code direct:} and its operationId. An
 * exception of it is answered with a problem document (RFC 9457).
 */
@Singleton
public class ApiRoutes extends RouteBuilder {
    private final Contract contract;

    ApiRoutes(Contract contract) {
        this.contract = contract;
    }

    @Override
    public void configure() throws Exception {
        // Camel puts the steps of the operation's route into the route made here, which keeps how it handles
        // exceptions.
        errorHandler(defaultErrorHandler());
        onException(Exception.class).handled(true).bean("problemDocuments", "caught");
        contract.operations()
                .forEach(operation -> rest(operation.path())
                        .verb(operation.method().toLowerCase(Locale.ROOT))
                        .to("direct:" + operation.id()));
        getContext().addStartupListener((context, started) -> refuseGaps((ModelCamelContext) context));
    }

    /** Camel puts the steps of a route in the place of the call that leads to it; a call that is left leads nowhere. */
    private static void refuseGaps(ModelCamelContext context) {
        List<String> gaps = context.getRouteDefinitions().stream()
                .filter(route -> route.isCreatedFromRest() && !route.isInlined())
                .flatMap(route -> route.getOutputs().stream())
                .map(Object::toString)
                .toList();
        if (!gaps.isEmpty()) {
            throw new IllegalStateException("operations without a route: " + gaps);
        }
    }
}
