#include "aludel/safety/pii/role_names.h"

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_set>

namespace aludel::safety {
namespace {

// No word that is a given name, too (ola, job, iroda, jiameng): a role that is masked is the
// smaller loss. Only "dev" is that much more often a list than a man.
constexpr std::string_view kRoleNames =
    // RFC 2142, programs and lists.
    " abuse admin administrator anonymous bugs contact control enquiries feedback"
    " announce dev discuss distros ftpmaster listserv mailman majordomo packages users"
    " maintainers devel ftp git help hg hostmaster info list listmaster mailer-daemon"
    " marketing news no-reply nobody noc noreply office owner postmaster press privacy"
    " request root sales security service submit subscribe support svn team unsubscribe"
    " usenet user username uucp webmaster www www-data"
    // Placeholders.
    " you your-name your.name your_name yourname your.email your-email youremail"
    " your_email name someone somebody foo bar baz firstname.lastname first.last"
    " vorname.nachname nom.prenom nome.cognome nombre.apellido xxx"
    // English.
    " accounting accounts admissions advertise advertising adverts archives billing"
    " booking bookings careers classifieds clerk comments complaints consulate copyright"
    " council customercare customerservice customersupport design dpo editor editorial"
    " editors embassy enquiry events faculty features finance foreign frontdesk gallery"
    " general hello helpdesk hr ideas inquiries inquiry international invoice invoices"
    " jobs legal letters letterstotheeditor library licensing mailbox media"
    " mediarelations member members membership museum newsdesk newsletter newsroom"
    " obituaries order orders partners partnerships payroll permissions photos pr"
    " pressoffice program programs projects publicity publisher reception recruiting"
    " recruitment registrar registration releases reservations reviews rsvp school"
    " secretariat secretary shop sponsorship sports staff store studio submissions subs"
    " subscription subscriptions syndication tech technical techsupport tickets tips"
    " tours trade training travel vacancies volunteer webadmin website webteam welcome"
    " workshop"
    // German.
    " abo abos anfrage anfragen anzeige anzeigen archiv aboservice bestellung"
    " bestellungen bewerbung bewerbungen bibliothek buchhaltung buchung buero bueros büro"
    " datenschutz datenschutzbeauftragter dialog empfang fragen gemeinde geschaeftsstelle"
    " geschäftsstelle hallo hotel impressum kanzlei karriere kasse kommunikation kontakt"
    " kundendienst kundenservice leserbriefe leserservice medien mitglieder"
    " oeffentlichkeitsarbeit personal poststelle praxis presse pressestelle pfarramt"
    " rathaus rechnung redaktion reservierung schule sekretariat spenden stadt"
    " studienberatung touristinfo verein verkauf verlag vertrieb verwaltung vorstand"
    " werbung zentrale"
    // French.
    " abonnement abonnements accueil administration annonces boutique bonjour"
    " bibliotheque bureau candidature commande commandes commercial communication compta"
    " comptabilite courrier direction editions emploi formation information informations"
    " inscription inscriptions mairie moderation presidence publicite publicité"
    " recrutement redaction rédaction relationspresse renseignement renseignements"
    " reservation secrétariat serviceclient serviceclients standard"
    // Spanish and Portuguese.
    " administracion administração ajuda assinaturas atencion atencionalcliente"
    " atendimento ayuda ayuntamiento cartas clientes comercial compras comunicacion"
    " comunicação consultas contacto contato contatos correo cultura direccion empleo"
    " faleconosco financeiro gerencia hola imprensa informacion informes inscripciones"
    " ouvidoria pedidos prensa protocolo publicidad publicidade recepcion redaccion"
    " redacao redação registro reservas rrhh secretaria secretaría sac soporte suporte"
    " suscripciones turismo ventas vendas"
    // Italian.
    " abbonamenti amministrazione assistenza biglietteria commerciale comune contabilita"
    " contatti direzione informazioni lettere museo ordini prenotazioni presidenza"
    " protocollo pubblicita pubblicità redazione relazioni segreteria stampa"
    " ufficiostampa urp vendite"
    // Dutch and the languages of the north.
    " administratie advertentie annons annonser bestelling bibliotek butik forlag foretag"
    " informatie insandare klantenservice kontor kundeservice kundservice kundtjanst"
    " myynti nieuws palaute pers personeel post prenumeration redactie redaktionen"
    " redaksjon redaksjonen reklame salg secretariaat sekretariatet toimitus verkoop"
    // Languages of the east.
    " bilgi biuro bok destek dotazy dyrekcja dzial_reklamy haber iletisim kancelaria"
    " kariera listy obchod obsluga podpora pomoc praca prenumerata reklama rekrutacja"
    " redakce redakcja redakcia rezerwacja sklep sprzedaz szerkesztoseg titkarsag"
    " ugyfelszolgalat zamowienia editura birou secretar objednavky otdel pochta"
    " pressa priem redaktsiya sekretar spravka zakaz"
    // Chinese, Japanese and Korean.
    " bangong bangongshi bianji bianjibu fuwu guanggao hezuo jubao kefu lianxi"
    " mishu tougao tousu xiaoshou yewu youxiang zhaopin"
    " eigyo gakuji henshu jimu jimukyoku koho kouhou madoguchi otoiawase saiyo shomu"
    " soumu toiawase webinfo";

using Names = std::unordered_set<std::string_view>;

const Names& role_names() {
  static const Names names = [] {
    Names all;
    for (std::size_t begin = 0; begin < kRoleNames.size();) {
      const std::size_t end = std::min(kRoleNames.find(' ', begin), kRoleNames.size());
      if (end > begin) all.insert(kRoleNames.substr(begin, end - begin));
      begin = end + 1;
    }
    return all;
  }();
  return names;
}

}  // namespace

bool is_role_name(std::string_view local) {
  if (role_names().contains(local)) return true;
  // "press.office", "info-redaktion": roles alone, joined.
  for (std::size_t begin = 0; begin < local.size();) {
    const std::size_t end = std::min(local.find_first_of(".-_", begin), local.size());
    if (!role_names().contains(local.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return !local.empty();
}

}  // namespace aludel::safety
