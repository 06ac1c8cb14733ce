package dev.sandglass.support.yaml.room;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.log.LogComponent;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.timer.TimerComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.BaseExecutorServiceManager;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.impl.engine.DefaultFactoryFinderResolver;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.DataFormatResolver;
import org.apache.camel.spi.FactoryFinder;
import org.apache.camel.spi.FactoryFinderResolver;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/** Where the routes of one file run. */
public final class Room extends DefaultCamelContext {
    private static final String KAMELETS = "kamelets/";
    /** Classes that Kamelets and Camel's own parts name. */
    private static final Set<String> CLASSES = Set.of(
            "java.lang.Exception", "java.lang.Throwable", "org.apache.camel.jsonpath.jackson.JacksonJsonAdapter");

    private final Cells cells = new Cells();
    private final Inflight inflight = new Inflight();
    private final Deadline deadline = new Deadline();
    private final Waits waits;

    /**
     * @param kamelets the texts of the vocabulary, by name
     * @param component makes the component {@code kamelet}
     * @param beans those that Kamelets name
     */
    public Room(String name, Map<String, String> kamelets, Supplier<KameletComponent> component, BeanRepository beans) {
        super(new DefaultRegistry(beans));
        var extension = getCamelContextExtension();
        extension.setName(name);
        waits = new Waits(this);
        setExecutorServiceManager(waits);
        // Camel's own parts are found as ever; what a file or a Kamelet names goes by the class resolver.
        ClassResolver all = new DefaultClassResolver(this);
        extension.addContextPlugin(FactoryFinderResolver.class, new Factories(all));
        setClassResolver(new DefaultClassResolver(this) {
            @Override
            protected @Nullable Class<?> loadClass(String className, ClassLoader loader) {
                return CLASSES.contains(className) ? super.loadClass(className, loader) : null;
            }
        });
        extension.addContextPlugin(LanguageResolver.class, new Languages(cells));
        extension.addContextPlugin(ComponentResolver.class, (scheme, camel) -> component(scheme));
        extension.addContextPlugin(DataFormatResolver.class, (format, camel) -> {
            if (!format.equals("jackson")) {
                throw new IllegalArgumentException("the data format " + format + " may not be used here");
            }
            return new JacksonDataFormat();
        });
        extension.addContextPlugin(ResourceLoader.class, new Vocabulary(kamelets));
        Placeholders.in((PropertiesComponent) getPropertiesComponent());
        // Else each JSONPath has one of its own.
        getRegistry().bind("mapper", new ObjectMapper());
        disableJMX();
        setStartupSummaryLevel(StartupSummaryLevel.Off);
        getShutdownStrategy().setTimeout(1);
        extension.addInterceptStrategy(deadline);
        extension.addInterceptStrategy(inflight);
        extension.addInterceptStrategy(new PlaceInRoutes());
        LogShare share = new LogShare(name);
        extension.addInterceptStrategy(share);
        extension.addLogListener(share);
        extension.addContextPlugin(LogShare.class, share);
        extension.addContextPlugin(WriteShare.class, new WriteShare(name));
        // Camel's own handler logs what a route failed with as it stands, with a stack.
        extension.registerEndpointCallback((uri, endpoint) -> {
            ((DefaultEndpoint) endpoint).setExceptionHandler(share);
            return endpoint;
        });
        // These spool to files, keep messages that went through, or look for more by themselves.
        setStreamCaching(false);
        setMessageHistory(false);
        setLoadTypeConverters(false);
        KameletComponent made = component.get();
        made.setLocation(KAMELETS);
        addComponent("kamelet", made);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        waits.end();
        inflight.end();
    }

    /** The file is gone: what has worked for long ends before its next step, the rest may end by itself. */
    public void leave() {
        deadline.leave();
    }

    /** In which what the file says is kept from Camel. */
    public Cells cells() {
        return cells;
    }

    /** Under which its routes write to the log: never a name of the service's own. */
    private String logger(@Nullable String given) {
        return "yaml." + getName() + (given == null ? "" : "." + given);
    }

    private Component component(String scheme) {
        return switch (scheme) {
            // For the step of Kamelets.
            case "bean" -> new BeanComponent();
            case "direct" -> new DirectComponent();
            case "log" ->
                new LogComponent() {
                    @Override
                    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                            throws Exception {
                        return super.createEndpoint(uri, logger(remaining), parameters);
                    }
                };
            case "platform-http" -> new PlatformHttpComponent();
            case "timer" -> new TimerComponent();
            default -> throw new NoSuchEndpointException(scheme);
        };
    }

    /**
     * Puts routes in; what they fail with is for whoever hands over.
     *
     * @throws IllegalArgumentException when there is something else than routes and steps of the vocabulary
     * @throws Exception when Camel cannot make routes of it
     */
    public void add(String yaml) throws Exception {
        for (RoutesBuilder builder :
                PluginHelper.getRoutesLoader(this).findRoutesBuilders(ResourceHelper.fromString("routes.yaml", yaml))) {
            RouteBuilder made = (RouteBuilder) builder;
            made.setCamelContext(this);
            made.configure();
            Steps.check(made);
            for (RouteDefinition route : made.getRouteCollection().getRoutes()) {
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), LogDefinition.class)
                        .forEach(step -> step.setLogName(logger(step.getLogName())));
                // Else all parts are there before the first one is worked on, each with a copy of the headers.
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SplitDefinition.class)
                        .forEach(step -> step.setStreaming("true"));
                route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
                addRouteDefinition(route);
            }
        }
    }

    /** Else each step that can wait has a pool of its own, of ten threads. */
    private static final class Waits extends BaseExecutorServiceManager {
        /** A step that waited goes on in one of them. */
        private static final int THREADS = 4;

        private final ScheduledThreadPoolExecutor pool =
                new ScheduledThreadPoolExecutor(THREADS, work -> newThread("wait", work));

        Waits(CamelContext camel) {
            super(camel);
            pool.setKeepAliveTime(1, TimeUnit.SECONDS);
            pool.allowCoreThreadTimeOut(true);
        }

        @Override
        public ScheduledExecutorService newScheduledThreadPool(Object of, String name, ThreadPoolProfile profile) {
            return pool;
        }

        /** A step ends before others that wait in it do. */
        @Override
        public List<Runnable> shutdownNow(ExecutorService ended) {
            return ended == pool ? List.of() : super.shutdownNow(ended);
        }

        void end() {
            pool.shutdownNow();
        }
    }

    private record Factories(ClassResolver all) implements FactoryFinderResolver {
        private static final FactoryFinderResolver CAMELS = new DefaultFactoryFinderResolver();

        @Override
        public FactoryFinder resolveFactoryFinder(ClassResolver classes, String path) {
            return CAMELS.resolveFactoryFinder(all, path);
        }

        @Override
        public FactoryFinder resolveBootstrapFactoryFinder(ClassResolver classes, String path) {
            return CAMELS.resolveBootstrapFactoryFinder(all, path);
        }
    }

    /** No other file can be read. */
    private static final class Vocabulary extends ServiceSupport implements ResourceLoader {
        private static final Pattern KAMELET = Pattern.compile(KAMELETS + "(.+)\\.kamelet\\.yaml");
        private final Map<String, String> kamelets;

        Vocabulary(Map<String, String> kamelets) {
            this.kamelets = kamelets;
        }

        @Override
        public @Nullable CamelContext getCamelContext() {
            return null;
        }

        @Override
        public void setCamelContext(CamelContext camel) {
            // It needs none.
        }

        @Override
        public Resource resolveResource(String uri) {
            Matcher kamelet = KAMELET.matcher(uri);
            String text = kamelet.matches() ? kamelets.get(kamelet.group(1)) : null;
            if (text == null) {
                throw new IllegalArgumentException("no files: " + uri);
            }
            return ResourceHelper.fromString(uri, text);
        }
    }
}
