using AkkaStream.Server.Settings;
using YamlDotNet.RepresentationModel;

namespace AkkaStream.Server.Tests.House;

/// <summary>What stands in deploy/ and k8s/ is well-formed, safe, and fits together.</summary>
public sealed class Manifests
{
    public static TheoryData<string> YamlFiles =>
    [
        .. new[] { "deploy", "k8s" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Checkout.Root, folder), "*.yaml"))
            .Select(path => Path.GetRelativePath(Checkout.Root, path)).Order(),
    ];

    static List<YamlMappingNode> Documents(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Checkout.Read(path)));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>A dotted path; numbers are places in lists.</summary>
    static YamlNode? At(YamlNode? node, string path)
    {
        foreach (string part in path.Split('/'))
        {
            node = node switch
            {
                YamlMappingNode map when map.Children.TryGetValue(new YamlScalarNode(part), out var child) => child,
                YamlSequenceNode list when int.TryParse(part, out int index) && index < list.Children.Count => list.Children[index],
                _ => null,
            };
        }
        return node;
    }

    static string Text(YamlNode? node, string path) => (At(node, path) as YamlScalarNode)?.Value ?? "(missing)";

    static YamlMappingNode KubernetesObject(string kind, string name) => Directory.GetFiles(Path.Combine(Checkout.Root, "k8s"), "*.yaml")
        .SelectMany(path => Documents(Path.GetRelativePath(Checkout.Root, path)))
        .Single(document => Text(document, "kind") == kind && Text(document, "metadata/name") == name);

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void A_manifest_is_well_formed(string path) => Assert.NotEmpty(Documents(path));

    [Fact]
    public void Every_object_of_Kubernetes_says_what_it_is()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(Checkout.Root, "k8s"), "*.yaml"))
        {
            foreach (var document in Documents(Path.GetRelativePath(Checkout.Root, path)))
            {
                Assert.NotEqual("(missing)", Text(document, "apiVersion"));
                Assert.NotEqual("(missing)", Text(document, "kind"));
                Assert.Equal("akkastream", Label(document));
            }
        }
    }

    static string Label(YamlNode document) =>
        At(document, "metadata/labels") is YamlMappingNode labels
        && labels.Children.TryGetValue(new YamlScalarNode("app.kubernetes.io/name"), out var value) ? ((YamlScalarNode)value).Value! : "(missing)";

    [Fact]
    public void The_stateful_set_has_its_service_its_configuration_and_no_rights()
    {
        var set = KubernetesObject("StatefulSet", "akkastream");
        var container = At(set, "spec/template/spec/containers/0");

        Assert.Equal("None", Text(KubernetesObject("Service", Text(set, "spec/serviceName")), "spec/clusterIP"));
        Assert.Equal("akkastream", Text(KubernetesObject("ConfigMap", Text(set, "spec/template/spec/volumes/0/configMap/name")), "metadata/name"));
        Assert.Equal("true", Text(set, "spec/template/spec/securityContext/runAsNonRoot"));
        Assert.Equal("true", Text(container, "securityContext/readOnlyRootFilesystem"));
        Assert.Equal("false", Text(container, "securityContext/allowPrivilegeEscalation"));
        Assert.Equal("ALL", Text(container, "securityContext/capabilities/drop/0"));
        Assert.NotEqual("(missing)", Text(container, "resources/limits/memory"));
        Assert.True(int.Parse(Text(set, "spec/template/spec/terminationGracePeriodSeconds")) > 30);
        string[] mounted = [.. ((YamlSequenceNode)At(container, "volumeMounts")!).Children.Select(mount => Text(mount, "name"))];
        Assert.Equal(["data", "config", "tmp"], mounted);
    }

    [Fact]
    public void The_configuration_for_Kubernetes_binds_and_tells_clients_the_name_of_the_pod()
    {
        string text = Text(KubernetesObject("ConfigMap", "akkastream"), "data/akkastream.conf");
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            string path = Path.Combine(directory, "akkastream.conf");
            File.WriteAllText(path, text);
            var node = NodeConfiguration.Load(
                path, [], name => name switch { "POD_NAME" => "akkastream-0", "POD_NAMESPACE" => "logs", _ => null });

            Assert.Empty(node.Warnings);
            Assert.Equal("akkastream-0.akkastream-brokers.logs.svc.cluster.local", node.Settings.Advertised["PLAINTEXT"].Host);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_image_runs_as_a_user_without_rights_and_gets_signals_itself()
    {
        string[] lines = Checkout.Read("Dockerfile").Split('\n');
        var final = lines[Array.FindLastIndex(lines, line => line.StartsWith("FROM "))..];

        Assert.True(lines.Count(line => line.StartsWith("FROM ")) >= 2, "what builds does not belong into the image");
        Assert.All(lines.Where(line => line.StartsWith("FROM ")), line => Assert.Matches(@":\d", line));
        Assert.DoesNotContain(lines, line => line.Contains(":latest") || line.StartsWith("ADD ") || line.Contains("sudo"));
        Assert.Contains(final, line => line.StartsWith("USER ") && !line.Contains("root") && line != "USER 0");
        Assert.Contains(final, line => line.StartsWith("ENTRYPOINT [\""));
        Assert.Contains(final, line => line == "STOPSIGNAL SIGTERM");
        foreach (string line in lines.Where(line => line.StartsWith("COPY ") && !line.Contains("--from") && !line.Contains('*')))
        {
            foreach (string source in line.Split(' ')[1..^1].Where(word => !word.StartsWith("--")))
                Assert.True(Path.Exists(Path.Combine(Checkout.Root, source)), $"{line}: {source} is not there");
        }
    }

    [Fact]
    public void The_service_unit_and_the_compose_file_leave_time_for_a_clean_stop()
    {
        string[] unit = Checkout.Read("deploy/akkastream.service").Split('\n');
        var broker = At(Documents("deploy/compose.yaml")[0], "services/broker");

        Assert.Contains("KillSignal=SIGTERM", unit);
        Assert.Contains("TimeoutStopSec=60", unit);
        Assert.Contains("RestartPreventExitStatus=2", unit);
        Assert.All(unit.Where(line => line.Length > 0 && !line.StartsWith('#')), line => Assert.Matches(@"^(\[[A-Z][a-z]+\]|[A-Za-z]+=.*)$", line));
        Assert.Equal("60s", Text(broker, "stop_grace_period"));
        Assert.Equal("true", Text(broker, "read_only"));
    }
}
