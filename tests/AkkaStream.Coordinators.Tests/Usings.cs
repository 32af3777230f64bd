global using AkkaStream.Coordinators.Groups;
global using AkkaStream.Coordinators.Offsets;
global using AkkaStream.Coordinators.Tests.Support;
global using AkkaStream.Protocol;
global using AkkaStream.Protocol.Messages;
global using AkkaStream.Protocol.Stored;
global using AkkaStream.Protocol.Wire;
