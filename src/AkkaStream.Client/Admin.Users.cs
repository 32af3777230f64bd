using System.Security.Cryptography;
using System.Text;
using AkkaStream.Client.Administration;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client;

public sealed partial class Admin
{
    const int SaltBytes = 32;

    /// <summary>
    /// Quotas of entities that have all these types: with that name, with null for the default, or with <see cref="AnyName"/>. Strictly:
    /// and no others.
    /// </summary>
    public async ValueTask<IReadOnlyDictionary<QuotaEntity, IReadOnlyDictionary<string, double>>> DescribeQuotasAsync(
        IReadOnlyDictionary<string, string?> filter, bool strictly = false, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.DescribeClientQuotas, _ => new DescribeClientQuotasRequest
            {
                Components = [.. filter.Select(f => new DescribeClientQuotasRequestComponent
                {
                    EntityType = f.Key,
                    MatchType = f.Value == AnyName ? (sbyte)2 : f.Value is null ? (sbyte)1 : (sbyte)0,
                    Match = f.Value == AnyName ? null : f.Value,
                })],
                Strict = strictly,
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "Quotas cannot be described", response.ErrorMessage);
        return (response.Entries ?? []).ToDictionary(
            e => new QuotaEntity(e.Entity.ToDictionary(n => n.EntityType, n => n.EntityName)),
            e => (IReadOnlyDictionary<string, double>)e.Values.ToDictionary(v => v.Key, v => v.Value));
    }

    /// <summary>Stands for any name in <see cref="DescribeQuotasAsync"/>.</summary>
    public const string AnyName = "\0any";

    /// <summary>Sets quotas; null takes one away.</summary>
    public async ValueTask AlterQuotasAsync(QuotaEntity entity, IReadOnlyDictionary<string, double?> values, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.AlterClientQuotas, _ => new AlterClientQuotasRequest
            {
                Entries =
                [
                    new AlterClientQuotasRequestEntry
                    {
                        Entity = [.. entity.Names.Select(n => new AlterClientQuotasRequestEntity { EntityType = n.Key, EntityName = n.Value })],
                        Ops = [.. values.Select(v => new AlterClientQuotasRequestOp { Key = v.Key, Value = v.Value ?? 0, Remove = v.Value is null })],
                    },
                ],
            },
            r => Passing(r.Entries.Select(e => e.ErrorCode)), cancel).ConfigureAwait(false);
        foreach (var entry in response.Entries)
            if (entry.ErrorCode != ErrorCode.None) throw KafkaException.Of(entry.ErrorCode, "The quota was not changed", entry.ErrorMessage);
    }

    /// <summary>Who has SCRAM credentials; all users if none is named. A user without any is an error.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredential>>>> DescribeScramAsync(
        IReadOnlyCollection<string>? users = null, CancellationToken cancel = default)
    {
        var response = await AskAny(
            ApiKey.DescribeUserScramCredentials, _ => new DescribeUserScramCredentialsRequest
            {
                Users = users is null ? null : [.. users.Select(u => new DescribeUserScramCredentialsRequestUser { Name = u })],
            },
            r => r.ErrorCode, cancel).ConfigureAwait(false);
        if (response.ErrorCode != ErrorCode.None) throw KafkaException.Of(response.ErrorCode, "Users cannot be described", response.ErrorMessage);
        return response.Results.ToDictionary(r => r.User, r => Outcome.Of<IReadOnlyList<ScramCredential>>(
            r.ErrorCode, $"User {r.User}", r.ErrorMessage,
            () => [.. r.CredentialInfos.Select(c => new ScramCredential((ScramMechanism)c.Mechanism, c.Iterations))]));
    }

    /// <summary>Gives a user a password; only its salted hash leaves this process.</summary>
    public async ValueTask SetScramPasswordAsync(
        string user, ScramMechanism mechanism, string password, int iterations = 4096, CancellationToken cancel = default)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = mechanism == ScramMechanism.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), salt, iterations, hash, mechanism == ScramMechanism.Sha512 ? 64 : 32);
        await AlterScramAsync(new AlterUserScramCredentialsRequest
        {
            Upsertions =
            [
                new AlterUserScramCredentialsRequestUpsertion
                {
                    Name = user, Mechanism = (sbyte)mechanism, Iterations = iterations, Salt = salt, SaltedPassword = salted,
                },
            ],
        }, cancel).ConfigureAwait(false);
    }

    /// <summary>Takes a user's password away.</summary>
    public ValueTask DeleteScramAsync(string user, ScramMechanism mechanism, CancellationToken cancel = default) => AlterScramAsync(
        new AlterUserScramCredentialsRequest
        {
            Deletions = [new AlterUserScramCredentialsRequestDeletion { Name = user, Mechanism = (sbyte)mechanism }],
        }, cancel);

    async ValueTask AlterScramAsync(AlterUserScramCredentialsRequest request, CancellationToken cancel)
    {
        var response = await AskAny(
            ApiKey.AlterUserScramCredentials, _ => request, r => Passing(r.Results.Select(e => e.ErrorCode)), cancel).ConfigureAwait(false);
        foreach (var result in response.Results)
            if (result.ErrorCode != ErrorCode.None) throw KafkaException.Of(result.ErrorCode, $"User {result.User} was not changed",
                result.ErrorMessage);
    }
}
