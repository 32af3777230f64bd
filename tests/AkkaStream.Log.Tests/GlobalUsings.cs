global using AkkaStream.Protocol;
