// A static reply by discord.js, to measure beside ours; run by node in a folder that has it (benchmarks.others).
const { Client, GatewayIntentBits } = require("discord.js");

const WORDS = ["su7", "model-3", "model-y", "ff91", "xpeng-p7", "zeekr-001", "byd-han", "aion-s"];
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: process.env.LOOPBACK_REST.replace(/\/v10$/, ""), version: "10" },
});

client.once("clientReady", async () => {
  const word = { type: 3, name: "word", description: "Any word", autocomplete: true };
  await client.application.commands.set([{ name: "ping", description: "Answer with a static embed", options: [word] }]);
});
client.on("interactionCreate", async (interaction) => {
  if (interaction.isAutocomplete()) {
    await interaction.respond(WORDS.map((word) => ({ name: word, value: word })));
  } else {
    const embed = { title: "Pong", description: "**1,234** things", color: 0x5865f2, footer: { text: "Facts as of never" } };
    await interaction.reply({ embeds: [embed] });
  }
});
process.on("SIGINT", () => client.destroy().then(() => process.exit(0)));
client.login(process.env.SALESBOT_DISCORD_TOKEN);
