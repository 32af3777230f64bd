using AkkaStream.Hocon;

namespace AkkaStream.Client;

/// <summary>Kafka's client properties from a file, as --command-config and its like name one.</summary>
public static class ClientProperties
{
    /// <summary>Reads a Java properties file.</summary>
    /// <exception cref="KafkaConfigException">The file cannot be read; the message names file, line and cure.</exception>
    public static Dictionary<string, string> Load(string path)
    {
        try
        {
            var properties = new Dictionary<string, string>();
            foreach (var (name, value, _) in PropertiesFile.ParseFile(path).Entries) properties[name] = value;
            return properties;
        }
        catch (HoconException e)
        {
            throw new KafkaConfigException(path, e.Message);
        }
    }
}
