using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

// Users, clients and addresses have quotas; users have passwords besides.
static partial class ConfigsTool
{
    const string Sha256 = "SCRAM-SHA-256", Sha512 = "SCRAM-SHA-512";

    static string QuotaType(string type) => type switch { Users => "user", Clients => "client-id", _ => "ip" };

    static string Words(string quotaType) => quotaType switch { "user" => "user-principal", "client-id" => "client-id", _ => "ip" };

    static async Task AlterQuotasAsync(
        ToolContext context, Admin admin, List<Entity> entities, Dictionary<string, string> added, string[] deleted)
    {
        var entity = new QuotaEntity(entities.ToDictionary(e => QuotaType(e.Type), e => e.IsDefault ? null : e.Name));
        var values = new Dictionary<string, double?>();
        foreach (var (name, value) in added)
        {
            if (name is Sha256 or Sha512) continue;
            values[name] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw new ToolFailedException($"Cannot parse quota configuration value for {name}: {value}");
        }
        foreach (string name in deleted)
            if (name is not (Sha256 or Sha512)) values[name] = null;
        foreach (var (name, value) in added)
            if (name is Sha256 or Sha512) await SetPasswordAsync(context, admin, UserOf(entities), name, value).ConfigureAwait(false);
        foreach (string name in deleted)
            if (name is Sha256 or Sha512) await admin.DeleteScramAsync(UserOf(entities), MechanismOf(name), context.Stop).ConfigureAwait(false);
        if (values.Count > 0) await admin.AlterQuotasAsync(entity, values, context.Stop).ConfigureAwait(false);
    }

    static ScramMechanism MechanismOf(string name) => name == Sha256 ? ScramMechanism.Sha256 : ScramMechanism.Sha512;

    static string UserOf(List<Entity> entities) => entities is [{ Type: Users, Name.Length: > 0 } user]
        ? user.Name ?? ""
        : throw new ToolFailedException("SCRAM credentials belong to one user: write --entity-type users --entity-name NAME");

    static async Task SetPasswordAsync(ToolContext context, Admin admin, string user, string mechanism, string value)
    {
        string? password = null;
        int iterations = 4096;
        foreach (string part in value.Split(','))
        {
            if (part.StartsWith("password=", StringComparison.Ordinal)) password = part["password=".Length..];
            else if (part.StartsWith("iterations=", StringComparison.Ordinal)) iterations = int.Parse(part["iterations=".Length..],
                CultureInfo.InvariantCulture);
        }
        if (string.IsNullOrEmpty(password)) throw new ToolFailedException(
            $"{mechanism} needs a password: write {mechanism}=[iterations=8192,password=SECRET]");
        await admin.SetScramPasswordAsync(user, MechanismOf(mechanism), password, iterations, context.Stop).ConfigureAwait(false);
    }

    static async Task DescribeQuotasAsync(ToolContext context, Admin admin, List<Entity> entities)
    {
        var filter = entities.ToDictionary(e => QuotaType(e.Type), e => e.Name is null ? Admin.AnyName : e.IsDefault ? null : e.Name);
        var quotas = await admin.DescribeQuotasAsync(filter, strictly: true, context.Stop).ConfigureAwait(false);
        foreach (var (entity, values) in quotas)
        {
            // A user alone and a client alone are told in this order, whatever the answer's is.
            var names = entity.Names.OrderByDescending(n => n.Key, StringComparer.Ordinal)
                .Select(n => n.Value is null ? $"the default {Words(n.Key)}" : $"{Words(n.Key)} '{n.Value}'");
            var texts = values.Select(v => $"{v.Key}={Number(v.Value)}");
            context.Output.WriteLine($"Quota configs for {string.Join(", ", names)} are {string.Join(", ", texts)}");
        }
        if (entities is [{ Type: Users, IsDefault: false } user]) await DescribeScramAsync(context, admin, user.Name).ConfigureAwait(false);
    }

    // As Java writes a double: always with a point.
    static string Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e7
        ? value.ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    static async Task DescribeScramAsync(ToolContext context, Admin admin, string? user)
    {
        var credentials = await admin.DescribeScramAsync(user is null ? null : [user], context.Stop).ConfigureAwait(false);
        foreach (var (name, outcome) in credentials)
        {
            if (outcome.Error is { Error: ErrorCode.ResourceNotFound }) continue;
            var texts = outcome.Get().Select(c => $"{(c.Mechanism == ScramMechanism.Sha512 ? Sha512 : Sha256)}=iterations={c.Iterations}");
            context.Output.WriteLine($"SCRAM credential configs for user-principal '{name}' are {string.Join(", ", texts)}");
        }
    }
}
