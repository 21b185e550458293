//! Checks of `menu.json` and the pictures: what the rest of the demo takes for granted.

use std::collections::HashSet;

use protocol::catalogue::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};

use super::*;

const PICTURE_BYTES_MAX: usize = 6 * 1024;
const PICTURES_BYTES_MAX: usize = 500_000;

#[test]
fn the_menu_is_as_large_as_a_restaurants() {
    let menu = menu();
    assert_eq!(menu.categories.len(), 12);
    assert!(menu.products.len() >= 110, "{} products", menu.products.len());
    for category in &menu.categories {
        let count = menu.products.iter().filter(|product| product.category == category.id).count();
        assert!(count >= 8, "{} has {count}", category.name);
        assert!(["dapur", "panggang", "bar"].contains(&category.station.as_str()), "{}", category.station);
    }
    let sold_out = menu.products.iter().filter(|product| !product.is_available).count();
    assert!((2..=3).contains(&sold_out), "{sold_out} sold out");
}

#[test]
fn nothing_is_named_twice_and_everything_referred_to_exists() {
    let menu = menu();
    let skus: HashSet<_> = menu.products.iter().map(|product| &product.sku).collect();
    let images: HashSet<_> = menu.products.iter().map(|product| &product.image).collect();
    assert_eq!(skus.len(), menu.products.len());
    assert_eq!(images.len(), menu.products.len(), "every product has its own picture");
    let ids: HashSet<Id> = menu
        .categories
        .iter()
        .map(|it| it.id)
        .chain(menu.groups.iter().map(|it| it.id))
        .chain(menu.modifiers.iter().map(|it| it.id))
        .chain(menu.products.iter().map(|it| it.id))
        .collect();
    let records = menu.categories.len() + menu.groups.len() + menu.modifiers.len() + menu.products.len();
    assert_eq!(ids.len(), records);
    let groups: HashSet<Id> = menu.groups.iter().map(|group| group.id).collect();
    for product in &menu.products {
        assert!(menu.categories.iter().any(|category| category.id == product.category), "{}", product.sku);
        assert!(product.modifier_groups.iter().all(|group| groups.contains(group)), "{}", product.sku);
        let asked: HashSet<_> = product.modifier_groups.iter().collect();
        assert_eq!(asked.len(), product.modifier_groups.len(), "{} asks twice", product.sku);
    }
}

#[test]
fn prices_and_texts_are_within_the_catalogues_limits() {
    let menu = menu();
    for product in &menu.products {
        assert!(product.price > 0 && product.price % 500 == 0, "{} costs {}", product.sku, product.price);
        assert!(!product.name.is_empty() && product.name.chars().count() <= NAME_CHARS_MAX);
        assert!(!product.description.is_empty(), "{}", product.sku);
        assert!(product.description.chars().count() <= DESCRIPTION_CHARS_MAX);
        assert!(popularity(product.id) > 0);
    }
    assert!(menu.modifiers.iter().all(|modifier| modifier.price >= 0));
}

#[test]
fn every_group_can_be_answered() {
    let menu = menu();
    for group in &menu.groups {
        let answers = menu.modifiers.iter().filter(|modifier| modifier.group == group.id).count();
        assert!(group.min_select <= group.max_select, "{}", group.name);
        assert!(usize::from(group.max_select) <= answers, "{} has {answers}", group.name);
        let asked = menu.products.iter().any(|product| product.modifier_groups.contains(&group.id));
        assert!(asked, "nothing asks {}", group.name);
    }
}

#[test]
fn barcodes_are_valid_and_different() {
    let menu = menu();
    let codes: Vec<_> = menu.products.iter().map(|p| p.barcode.as_str()).filter(|c| !c.is_empty()).collect();
    assert!(codes.len() >= 3, "a few bottled drinks have one");
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
    for code in codes {
        let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
        assert_eq!((digits.len(), code.len()), (13, 13), "{code}");
        let sum: u32 = digits.iter().zip([1, 3].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        assert_eq!(sum % 10, 0, "{code}");
    }
}

#[test]
fn every_product_has_a_small_picture_and_no_picture_is_left_over() {
    let menu = menu();
    let mut sum = 0;
    for product in &menu.products {
        let image = product.image.as_deref().and_then(|path| path.strip_prefix(PICTURES_PATH)).unwrap();
        let bytes = picture(image).unwrap_or_else(|| panic!("{image} is missing"));
        assert!(bytes.len() < PICTURE_BYTES_MAX, "{image} has {} bytes", bytes.len());
        assert!(bytes.starts_with(b"<svg ") && bytes.ends_with(b"</svg>\n"), "{image}");
        sum += bytes.len();
    }
    assert!(sum < PICTURES_BYTES_MAX, "{sum} bytes of pictures");
    assert_eq!(PICTURES.len(), menu.products.len());
    assert_eq!(picture("../menu.json"), None);
}

#[test]
fn ids_and_the_outlet_stay_what_they_are() {
    let menu = menu();
    assert_eq!(menu, super::menu());
    assert_eq!(menu.products[0].id, derived_id("product", "NAS-001"));
    let outlet = outlet();
    assert_eq!((outlet.number, outlet.currency_exponent, outlet.business_day_start_hour), (1, 0, 4));
}
