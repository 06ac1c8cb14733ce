package dev.sandglass.support.routes;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.NextTurn;
import dev.sandglass.support.Now;
import dev.sandglass.support.ThrowToCaller;
import dev.sandglass.support.memory.Attempts;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Routes out of their files, in a context without Quarkus, over a sidecar in memory. */
public final class Flows {
    private Flows() {}

    /** Prepares a context: routes that begin with a call of the sidecar are called by their {@code platform-http:} address. */
    public static void prepare(CamelContext camel, Dapr dapr, String service) {
        KameletComponent kamelets = new KameletComponent();
        kamelets.setLocation("file:../dsl-yaml/kamelets");
        kamelets.setNoErrorHandler(true);
        camel.addComponent("kamelet", kamelets);
        camel.addComponent("platform-http", new Called());
        camel.getRegistry().bind("daprCalls", new DaprCalls(dapr));
        camel.getRegistry().bind("now", new Now());
        camel.getRegistry().bind("attempts", new Attempts(Duration.ofSeconds(2)));
        Properties properties = new Properties();
        properties.setProperty("quarkus.application.name", service);
        camel.getPropertiesComponent().setInitialProperties(properties);
        // Above the services' own, which is on the class path.
        Properties often = new Properties();
        often.setProperty("sandglass.dead-letters.count", "100");
        camel.getPropertiesComponent().setOverrideProperties(often);
        camel.getExecutorServiceManager()
                .registerThreadPoolProfile(new ThreadPoolProfileBuilder("hooks")
                        .poolSize(1)
                        .maxPoolSize(10_000)
                        .maxQueueSize(0)
                        .build());
    }

    /** Routes that begin with another component begin when they are called by its address. */
    public static final class Called extends DirectComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            parameters.clear();
            return super.createEndpoint(uri, remaining, parameters);
        }
    }

    /** @param files in {@code routes/}, without {@code .camel.yaml} */
    public static void load(CamelContext camel, String... files) throws Exception {
        if (((ModelCamelContext) camel).getRouteConfigurationDefinitions().isEmpty()) {
            camel.addRoutesConfigurations(new ThrowToCaller());
            camel.addRoutesConfigurations(new NextTurn());
        }
        for (String file : files) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(
                            ResourceHelper.resolveMandatoryResource(camel, "classpath:routes/" + file + ".camel.yaml"));
        }
    }
}
