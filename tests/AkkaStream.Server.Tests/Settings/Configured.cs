using AkkaStream.Hocon;
using AkkaStream.Server.Settings;

namespace AkkaStream.Server.Tests.Settings;

/// <summary>Configurations as a user would write them, loaded from a file of their own.</summary>
static class Configured
{
    public static NodeConfiguration Kafka(params string[] lines) => Load("server.properties", string.Join('\n', lines), []);

    public static NodeConfiguration Hocon(string text, params string[] overrides) => Load("node.conf", text, overrides);

    public static NodeConfiguration Nothing(params string[] overrides) => NodeConfiguration.Load(null, overrides, Environment);

    public static string Refusal(string[] lines) => Assert.Throws<SettingsException>(() => Kafka(lines)).Message;

    public static string HoconRefusal(string text) => Assert.Throws<SettingsException>(() => Hocon(text)).Message;

    static string? Environment(string name) => name == "HOME" ? "/home/somebody" : null;

    static NodeConfiguration Load(string name, string text, string[] overrides)
    {
        string directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
        try
        {
            string path = Path.Combine(directory, name);
            File.WriteAllText(path, text);
            return NodeConfiguration.Load(path, overrides, Environment);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
