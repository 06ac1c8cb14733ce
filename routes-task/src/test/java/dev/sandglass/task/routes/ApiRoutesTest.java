package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.ProblemDocuments;
import dev.sandglass.task.routes.http.Contract;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ApiRoutesTest {
    @Test
    void anOperationWithoutARouteStopsTheStart() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("problemDocuments", new ProblemDocuments());
            camel.addRoutes(new ApiRoutes(new Contract()));
            RouteBuilder.addRoutes(
                    camel, routes -> routes.from("direct:getTask").log("here"));
            String said = assertThrows(Exception.class, camel::start).toString();
            assertTrue(said.contains("direct:completeTask"), said);
            assertFalse(said.contains("direct:getTask"), said);
        }
    }
}
